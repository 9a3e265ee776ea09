/* unit: what the C tests share. A test file is START_TEST functions and one UNIT_MAIN that lists
 * them; it prints TAP for prove. check runs each test in a process of its own. */
#ifndef SP_UNIT_H
#define SP_UNIT_H

#include <check.h>
#include <stdlib.h>

#include "str.h"

#define UNIT_MAIN(name, ...)                                                                       \
	int main(void)                                                                             \
	{                                                                                          \
		const TTest *const tests[] = {__VA_ARGS__};                                        \
		Suite *suite = suite_create(name);                                                 \
		TCase *all = tcase_create(name);                                                   \
		for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)                          \
			tcase_add_test(all, tests[i]);                                             \
		tcase_set_timeout(all, 60);                                                        \
		suite_add_tcase(suite, all);                                                       \
		SRunner *runner = srunner_create(suite);                                           \
		srunner_set_tap(runner, "-");                                                      \
		srunner_run_all(runner, CK_SILENT);                                                \
		int failed = srunner_ntests_failed(runner);                                        \
		srunner_free(runner);                                                              \
		return failed != 0;                                                                \
	}

#define assert_str(got, literal)                                                                   \
	do {                                                                                       \
		struct str got_ = (got);                                                           \
		ck_assert_msg(str_eq(got_, STR(literal)), "%s is \"%.*s\", expected \"%s\"", #got, \
			      (int)got_.n, got_.p, literal);                                       \
	} while (0)

#endif
