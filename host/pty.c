/* SPDX-License-Identifier: MIT
 *
 * The program keeps a descriptor of the slave open itself. So the master never
 * sees a hang-up: a host that closes the port and opens it again finds the same
 * module, nothing has to be retried, and what the module says meanwhile waits
 * in the terminal's buffer (4 kB), then in the core's.
 */
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "log.h"
#include "status.h"

/* Raw before anyone can open it: a terminal that echoes would send the module
 * its own replies. */
static int open_slave(struct pty *pty, int master)
{
    struct termios mode;

    if (grantpt(master) != 0 || unlockpt(master) != 0 ||
        ptsname_r(master, pty->path, sizeof pty->path) != 0)
        return -1;
    pty->slave = open(pty->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->slave < 0 || tcgetattr(pty->slave, &mode) != 0)
        return -1;
    cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    return tcsetattr(pty->slave, TCSANOW, &mode);
}

/* Whether the link at that place points to this slave. */
static bool is_ours(const struct pty *pty)
{
    char target[sizeof pty->path];
    const ssize_t len = readlink(pty->link, target, sizeof target);

    return len > 0 && (size_t)len == strlen(pty->path) &&
           memcmp(target, pty->path, (size_t)len) == 0;
}

static bool is_dangling(const char *path)
{
    char target[1];

    return readlink(path, target, sizeof target) > 0 && access(path, F_OK) != 0 && errno == ENOENT;
}

/* Put the link over the one that is there, in one step: whoever opens the name
 * finds the old or the new, never nothing. */
static int replace_link(const struct pty *pty)
{
    char *temporary = NULL;
    int result = -1;

    if (asprintf(&temporary, "%s.%ld", pty->link, (long)getpid()) < 0)
        return -1;
    if (symlink(pty->path, temporary) == 0) {
        result = rename(temporary, pty->link);
        if (result != 0)
            (void)unlink(temporary);
    }
    free(temporary);
    return result;
}

static int make_link(struct pty *pty)
{
    int result = symlink(pty->path, pty->link);

    if (result != 0 && errno == EEXIST) {
        if (!is_ours(pty) && !is_dangling(pty->link)) {
            log_note("%s exists and is not a dangling link: remove it, or name "
                     "another place with --pty=LINK",
                     pty->link);
            return STATUS_USAGE;
        }
        result = replace_link(pty);
    }
    if (result != 0) {
        log_note("cannot make the link %s: %s; name another place with --pty=LINK", pty->link,
                 strerror(errno));
        return STATUS_SYSTEM;
    }
    pty->linked = true;
    return STATUS_GOOD;
}

static int fail(struct pty *pty, const char *what, int master)
{
    log_note("%s: %s", what, strerror(errno));
    if (master >= 0)
        (void)close(master);
    pty_close(pty);
    return STATUS_SYSTEM;
}

int pty_open(struct pty *pty, const char *link, int *in_fd, int *out_fd)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    int status = STATUS_GOOD;

    *pty = (struct pty){.link = link, .slave = -1};
    if (master < 0)
        return fail(pty, "no pseudo terminal", -1);
    if (open_slave(pty, master) != 0)
        return fail(pty, "the pseudo terminal cannot be set up", master);
    *in_fd = master;
    *out_fd = fcntl(master, F_DUPFD_CLOEXEC, 0);
    if (*out_fd < 0)
        return fail(pty, "no file descriptor", master);
    if (link != NULL)
        status = make_link(pty);
    if (status != STATUS_GOOD) {
        (void)close(*in_fd);
        (void)close(*out_fd);
        pty_close(pty);
    }
    return status;
}

void pty_close(struct pty *pty)
{
    if (pty->linked && is_ours(pty))
        (void)unlink(pty->link);
    pty->linked = false;
    if (pty->slave >= 0)
        (void)close(pty->slave);
    pty->slave = -1;
}
