/* As above: nothing of it is needed but fixed-width integers. */
#define HAVE_STDINT_H 1
#define INITIAL_HASHTABLE_ORDER 3
