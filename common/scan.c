#include "scan.h"

bool scan_never_avx2;
