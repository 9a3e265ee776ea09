/* md: the report as Markdown, short enough for a ticket or a CI summary. */
#ifndef SP_MD_H
#define SP_MD_H

#include "folder.h"

void md_page(const struct folder *runs, int n, struct str title);

#endif
