#include "http/static.h"

extern const char ent_web_tar[];
extern const char ent_web_tar_end[];
ENT_EMBED(ent_web_tar, ENT_WEB_TAR)

enum ent_code ent_static_embedded(struct ent_arena *arena, struct ent_static *out,
                                  struct ent_error *error)
{
	ent_str tar = { ent_web_tar, (size_t)(ent_web_tar_end - ent_web_tar) };
	return ent_static_tar(tar, arena, out, error);
}
