/* SPDX-License-Identifier: MIT
 *
 * Waiting on a descriptor needs it non-blocking, which is a property of the
 * open file, shared with the shell and with every program of a pipeline. So a
 * terminal or pipe is opened a second time; what cannot be (a socket, a file at
 * some offset) is duplicated and put back as it was at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "status.h"
#include "stdport.h"

static bool can_reopen(int fd)
{
    struct stat about;

    return fstat(fd, &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode));
}

static int open_again(int fd, int direction)
{
    char path[32];
    int own = -1;

    if (can_reopen(fd)) {
        (void)snprintf(path, sizeof path, "/dev/fd/%d", fd);
        own = open(path, direction | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }
    return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

int stdport_open(struct stdport *std, int *in_fd, int *out_fd)
{
    std->in_flags = fcntl(STDIN_FILENO, F_GETFL);
    std->out_flags = fcntl(STDOUT_FILENO, F_GETFL);
    *in_fd = open_again(STDIN_FILENO, O_RDONLY);
    *out_fd = open_again(STDOUT_FILENO, O_WRONLY);
    if (*in_fd >= 0 && *out_fd >= 0)
        return STATUS_GOOD;
    log_note("--stdio needs open standard input and output: %s", strerror(errno));
    if (*in_fd >= 0)
        (void)close(*in_fd);
    if (*out_fd >= 0)
        (void)close(*out_fd);
    return STATUS_SYSTEM;
}

void stdport_close(struct stdport *std)
{
    if (std->in_flags >= 0)
        (void)fcntl(STDIN_FILENO, F_SETFL, std->in_flags);
    if (std->out_flags >= 0)
        (void)fcntl(STDOUT_FILENO, F_SETFL, std->out_flags);
}
