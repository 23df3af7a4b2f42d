// The portable path of the similarity engine: the same code in the baseline's vectors.
#include "similarity.h"
#include "lanes/includes.h"
#define CK_BYTES 16
#define CK_PATH ck_similarity_portable
#define CK_PATH_NAME "portable"
#include "lanes/similarity.h"
