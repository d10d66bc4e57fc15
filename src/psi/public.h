/*
 * Where a value that was made of secrets stops being one, because it is sent, or because the protocol tells it. In the
 * test that follows secrets under Valgrind (tests/unit/test_psi_secrets.c) it is marked so; else this does nothing.
 */
#ifndef LS_PSI_PUBLIC_H
#define LS_PSI_PUBLIC_H

#ifdef LS_FOLLOW_SECRETS
#include <valgrind/memcheck.h>
#define LS_PSI_PUBLIC(ptr, len) ((void)VALGRIND_MAKE_MEM_DEFINED(ptr, len))
#else
#define LS_PSI_PUBLIC(ptr, len) ((void)(ptr), (void)(len))
#endif

#endif
