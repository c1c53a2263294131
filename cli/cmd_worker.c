/* cmd_worker.c - flashdeck worker DEVICE: one device served over pipes to the flashdeck that started it. */
#include <stdio.h>

#include "base/status.h"
#include "cli/command.h"
#include "harness/device.h"
#include "harness/worker.h"

int cmd_worker(int argc, char **argv)
{
    if (argc != 2) {
        fputs("error: a worker is started by bench, verify and devices, for themselves\n", stderr);
        return status_exit_code(STATUS_BAD_INPUT);
    }
    return worker_serve(device_table, device_count, argv[1]);
}
