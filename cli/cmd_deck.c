#include "cli/command.h"

#include <stdio.h>

int cmd_deck(int argc, char **argv)
{
    (void)argc;
    fprintf(stderr, "%s: not built yet\n", argv[0]);
    return 2;
}
