/* cmd_deck_new.h - flashdeck deck new: a verb of its own, with flags of its own. */
#ifndef CLI_CMD_DECK_NEW_H
#define CLI_CMD_DECK_NEW_H

/* argv[0] is "new"; returns the exit code. */
int cmd_deck_new(int argc, char **argv);

#endif
