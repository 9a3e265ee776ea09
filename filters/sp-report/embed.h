/* embed: the files that the build puts into the program: the style, the script with the library of
 * charts, and the SHA-256 of each as a Content-Security-Policy wants it. */
#ifndef SP_EMBED_H
#define SP_EMBED_H

#include "str.h"

struct str embed_style(void);
struct str embed_script(void);
struct str embed_style_hash(void);
struct str embed_script_hash(void);

#endif
