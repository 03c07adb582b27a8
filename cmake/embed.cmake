# SPDX-License-Identifier: MIT
#
# Write a file as an array of bytes, with a NUL behind it:
# cmake -DFROM=FILE -DTO=FILE.c -DNAME=IDENTIFIER -P embed.cmake

file(READ ${FROM} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)"
    "\\1\n" bytes "${bytes}")
file(WRITE ${TO} "/* Made by cmake/embed.cmake. */
extern const unsigned char ${NAME}[];

const unsigned char ${NAME}[] = {
${bytes}0};
")
