/* SPDX-License-Identifier: MIT */
#include "demo_terminal.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* Of the process, as the terminal is: atexit() hands over nothing. */
static struct termios found;
static bool is_known, is_taken;

bool demo_terminal_is_there(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool demo_terminal_take(void)
{
    if (!is_known) {
        if (tcgetattr(STDIN_FILENO, &found) != 0 || atexit(demo_terminal_give_back) != 0)
            return false;
        is_known = true;
    }
    struct termios modes = found;
    modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | IXON);
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    is_taken = tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) == 0;
    return is_taken;
}

void demo_terminal_give_back(void)
{
    if (!is_taken)
        return;
    is_taken = false;
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &found);
}
