/* Any table in the place of every table of a folder. */
// seeds: partials events testdata/sp-stats/*.expected testdata/sp-io/*.expected testdata/sp-advise/*.expected
#include "fuzz.h"

void fuzz_input(struct str input)
{
	const char *path = fuzz_file("note", STR(""));
	char folder[256];
	strncpy(folder, path, sizeof folder - 1)[sizeof folder - 1] = '\0';
	*strrchr(folder, '/') = '\0';
#define TABLE(id, file, ...) fuzz_file(file ".tsv", input);
#define COLUMN(...)
#include "../../filters/sp-report/tables.def"
	fuzz("-o", "md", folder);
	fuzz("-o", "md", folder, folder);
	fuzz(folder);
}
