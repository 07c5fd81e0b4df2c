/* The table of what checks go by names fields that there are, each once. */
#include "app/record.h"
#include "test.h"

static const struct {
	const struct ent_type *type;
	const char *field, *others;
} rows[] = {
#define ENT_JUDGED(type, field, others) { &ent_##type##_type, #field, others },
#include "app/judged.def"
};

TEST(judged_names_fields_of_entities)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		const struct ent_entity *entity = ent_entity_of(rows[i].type);
		ROW(rows[i].field);
		CHECK(entity != NULL && entity->check != NULL);
		CHECK(ent_type_field(rows[i].type, ent_str_of(rows[i].field)) != NULL);
		ent_str others = ent_str_of(rows[i].others);
		while (others.len > 0) {
			struct ent_cut cut = ent_str_cut(others, ' ');
			CHECK(ent_type_field(rows[i].type, cut.head) != NULL);
			CHECK(!ent_str_is(cut.head, rows[i].field));
			others = cut.tail;
		}
		for (size_t k = 0; k < i; k++) {
			CHECK(rows[k].type != rows[i].type ||
			      strcmp(rows[k].field, rows[i].field) != 0);
		}
	}
}
