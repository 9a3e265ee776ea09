/* fact: what sp-fdmap tells the readers of a ring of a row, beside where its columns end. */
#ifndef SP_FDMAP_FACT_H
#define SP_FDMAP_FACT_H

#include "row.h"

/* Of a row without control bytes, in a table without fdtype, which is added. */
void fact_tell(const struct row *row, const struct shown *shown, struct ring_fact *fact);

#endif
