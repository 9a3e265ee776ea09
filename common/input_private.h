/* input_private: what the files of input share. */
#ifndef SP_INPUT_PRIVATE_H
#define SP_INPUT_PRIVATE_H

#include "input.h"

/* Notes the newlines among the next bytes of the buffer: none when the next line is not whole, or longer
 * than INPUT_AHEAD. */
void input_look_ahead(struct input *in);

#endif
