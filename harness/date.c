#include "harness/date.h"

#include <string.h>
#include <time.h>

char *date_now(void)
{
    char date[40];
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
    return strdup(date);
}
