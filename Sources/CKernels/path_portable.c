// The portable path: the same code at four lanes, which every processor's baseline vectors (or plain floats) can hold.
#include "context.h"
#include "lanes/includes.h"
#define CK_LANES 4
#define CK_MR 4
#define CK_NV 2
#define CK_PATH ck_path_portable
#define CK_PATH_NAME "portable"
#include "lanes/path.h"
