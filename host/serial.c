/* SPDX-License-Identifier: MIT */
#include "serial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "status.h"

enum { SPEED_DEFAULT = 115200 };

static const struct speed {
    uint32_t baud;
    speed_t code;
} speeds[] = {
    {1200, B1200},       {2400, B2400},       {4800, B4800},       {9600, B9600},
    {19200, B19200},     {38400, B38400},     {57600, B57600},     {115200, B115200},
    {230400, B230400},   {460800, B460800},   {500000, B500000},   {576000, B576000},
    {921600, B921600},   {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000},
    {3000000, B3000000}, {4000000, B4000000},
};

enum { SPEED_COUNT = sizeof speeds / sizeof speeds[0] };

static const struct speed *find_speed(uint64_t baud)
{
    for (size_t i = 0; i < SPEED_COUNT; i++) {
        if (speeds[i].baud == baud)
            return &speeds[i];
    }
    return NULL;
}

static int reject_speed(const char *where)
{
    char known[SPEED_COUNT * 9] = "";
    size_t len = 0;

    for (size_t i = 0; i < SPEED_COUNT; i++)
        len += (size_t)snprintf(known + len, sizeof known - len, " %lu",
                                (unsigned long)speeds[i].baud);
    log_note("--serial=%s: give DEV[,BAUD], as in /dev/ttyUSB0,9600; BAUD is one of%s", where,
             known);
    return STATUS_USAGE;
}

/* "DEV[,BAUD]". Returns the speed, or NULL. */
static const struct speed *split_where(char path[SERIAL_PATH_MAX], const char *where)
{
    const char *comma = strrchr(where, ',');
    const size_t len = comma == NULL ? strlen(where) : (size_t)(comma - where);
    uint64_t baud = SPEED_DEFAULT;

    if (len == 0 || len >= SERIAL_PATH_MAX)
        return NULL;
    memcpy(path, where, len);
    path[len] = '\0';
    if (comma != NULL && !options_number(&baud, comma + 1, UINT32_MAX))
        return NULL;
    return find_speed(baud);
}

uint32_t serial_speed(const char *where)
{
    char path[SERIAL_PATH_MAX];
    const struct speed *speed = split_where(path, where);

    return speed != NULL ? speed->baud : 0;
}

/* 8N1, and neither modem lines nor XON and XOFF decide about anything. */
static int make_raw(const struct serial *serial, const struct speed *speed)
{
    struct termios mode = serial->mode;

    cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    mode.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    mode.c_iflag &= ~(tcflag_t)(IXOFF | IXANY);
    (void)cfsetispeed(&mode, speed->code);
    (void)cfsetospeed(&mode, speed->code);
    return tcsetattr(serial->fd, TCSANOW, &mode);
}

static int fail(struct serial *serial, const char *where)
{
    const char *why = errno == ENOTTY ? "not a serial line" : strerror(errno);

    log_note("--serial=%s: %s", where, why);
    if (serial->fd >= 0)
        (void)close(serial->fd);
    serial->fd = -1;
    return STATUS_SYSTEM;
}

int serial_open(struct serial *serial, const char *where, int *in_fd, int *out_fd)
{
    const struct speed *speed = split_where(serial->path, where);
    int status = STATUS_GOOD;

    serial->fd = -1;
    if (speed == NULL)
        return reject_speed(where);
    /* Without O_NONBLOCK the open would wait for a carrier. */
    serial->fd = open(serial->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (serial->fd < 0 || tcgetattr(serial->fd, &serial->mode) != 0 || make_raw(serial, speed) != 0)
        return fail(serial, where);
    /* Two programs on one line get half the bytes each. */
    (void)ioctl(serial->fd, TIOCEXCL);
    *in_fd = fcntl(serial->fd, F_DUPFD_CLOEXEC, 0);
    *out_fd = fcntl(serial->fd, F_DUPFD_CLOEXEC, 0);
    if (*in_fd >= 0 && *out_fd >= 0)
        return STATUS_GOOD;
    status = fail(serial, where); /* while errno is that of fcntl() */
    if (*in_fd >= 0)
        (void)close(*in_fd);
    return status;
}

void serial_set_speed(struct serial *serial, uint32_t baud)
{
    const struct speed *speed = find_speed(baud);
    struct termios mode;
    bool good = speed != NULL && tcgetattr(serial->fd, &mode) == 0;

    if (good) {
        (void)cfsetispeed(&mode, speed->code);
        (void)cfsetospeed(&mode, speed->code);
        good = tcsetattr(serial->fd, TCSADRAIN, &mode) == 0;
    }
    if (!good)
        log_note("%s does not take %lu Bd", serial->path, (unsigned long)baud);
}

void serial_close(struct serial *serial)
{
    if (serial->fd < 0)
        return;
    (void)tcsetattr(serial->fd, TCSANOW, &serial->mode);
    (void)ioctl(serial->fd, TIOCNXCL);
    (void)close(serial->fd);
    serial->fd = -1;
}
