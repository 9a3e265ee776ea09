/* Included in front of every source of a filter under test: what the filter keeps in static variables
 * goes into two sections of its own, so that the driver can put the values of program start back
 * before each run. A clang pragma; the sources themselves know nothing of it. */
#pragma clang section bss = "sp_bss" data = "sp_data"
