#include "base/status.h"

int status_exit_code(enum status status)
{
    static const int codes[] = {
        [STATUS_OK] = 0,         [STATUS_BAD_INPUT] = 2, [STATUS_UNSUPPORTED] = 2,  [STATUS_NO_MEMORY] = 2,
        [STATUS_IO] = 2,         [STATUS_WRONG] = 4,     [STATUS_FAILED] = 6,       [STATUS_INTERRUPTED] = 130,
        [STATUS_NO_DEVICE] = 77, [STATUS_REGRESSED] = 1, [STATUS_INCOMPARABLE] = 3, [STATUS_INCONCLUSIVE] = 5,
    };
    return codes[status];
}
