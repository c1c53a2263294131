/* date.h - when: the clock on the wall, for records. */
#ifndef HARNESS_DATE_H
#define HARNESS_DATE_H

/* "2026-11-24T20:15:00+0100": ISO 8601 with offset. Fresh; NULL when out of memory. */
char *date_now(void);

#endif
