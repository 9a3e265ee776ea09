#include "embed.h"

/* The assembler reads the file; EMBEDDED is the folder that the Makefile made them in. */
#define EMBED(name, file)                                                                          \
	__asm__(".pushsection .rodata\n"                                                           \
	        "embed_" #name "_start:\n"                                                         \
	        ".incbin \"" EMBEDDED "/" file "\"\n"                                              \
	        "embed_" #name "_end:\n"                                                           \
	        ".byte 0\n"                                                                        \
	        ".popsection\n");                                                                  \
	extern const char embed_##name##_start[] __attribute__((visibility("hidden")));            \
	extern const char embed_##name##_end[] __attribute__((visibility("hidden")));              \
	struct str embed_##name(void)                                                              \
	{                                                                                          \
		return str_between(embed_##name##_start, embed_##name##_end);                      \
	}

EMBED(style, "page.css")
EMBED(script, "page.js")
EMBED(style_hash, "page.css.sha256")
EMBED(script_hash, "page.js.sha256")
