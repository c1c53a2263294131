/* help_device.h - a device that fails in each way that a real one does, and gives fixed times. */
#ifndef TESTS_HARNESS_HELP_DEVICE_H
#define TESTS_HARNESS_HELP_DEVICE_H

#include "harness/device.h"

/* Its kernels, by what happens when they are launched:
 *   good     the right result; a repetition takes fake_seconds, hot 0.9 and graph 0.8 of that, stages 0.25 and 0.75
 *   bad      all halves            refused  a launch error; the device stays usable
 *   sticky   an error after which nothing works in this process any more
 *   hangs    never returns         lazy     the right result, but hangs when it is timed
 *   dies     takes the process along, with last words on stderr
 *   vanishes takes the process along, and no later process can open the device (a file says so)
 *   greedy   wants more scratch than there is
 *   masked   right when the block mask that arrived is the one that was sent, on the device too */
extern const struct device fake_device;
/* A card that cannot be opened; one that gives no times; a kind of which none is here. */
extern const struct device fake_closed, fake_timeless, fake_absent;
extern const struct device *const fake_devices[];
extern const size_t fake_device_count;

extern const double fake_seconds;

/* Where the mark of a vanished card lies: in the environment, so that workers know it. */
#define FAKE_GONE "FAKE_DEVICE_GONE"

#endif
