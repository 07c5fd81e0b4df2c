/* Names in an expression, and the fields they mean. */
#include "core/expression_inner.h"
#include "core/type.h"

/* Enumerations whose words have an order: "low" is less than "normal". */
static const uint8_t priority_ranks[] = {
	[ENT_PRIORITY_LOW] = 0,
	[ENT_PRIORITY_NORMAL] = 1,
	[ENT_PRIORITY_HIGH] = 2,
	[ENT_PRIORITY_CRITICAL] = 3,
};

static enum ent_test_sort sort_of(enum ent_kind kind)
{
	switch (kind) {
	case ENT_K_TEXT:
	case ENT_K_MAP:
		return ENT_SORT_TEXT;
	case ENT_K_MONEY:
		return ENT_SORT_MONEY;
	case ENT_K_DURATION:
		return ENT_SORT_DURATION;
	case ENT_K_IDS:
		return ENT_SORT_IDS;
	case ENT_K_WORDS:
		return ENT_SORT_WORDS;
	case ENT_K_NULL:
	case ENT_K_JSON:
	case ENT_K_CHILDREN:
		return ENT_SORT_NONE;
	default:
		return ENT_SORT_NUMBER;
	}
}

/* A decorated or plain field that may be shown; only those are ever named. */
static bool is_readable(const struct ent_expression_root *root, const struct ent_field *field)
{
	size_t at = ent_type_at(root->type, field);
	if (field->rule == ENT_R_DERIVED) {
		return root->derived != NULL && ent_set_has(root->derived, at);
	}
	return ent_field_is_shown(field) && sort_of(field->kind) != ENT_SORT_NONE;
}

static size_t find_root(const struct ent_expression_scope *scope, ent_str name)
{
	size_t i = 0;
	while (i < scope->count && !ent_str_is(name, scope->roots[i].name)) {
		i++;
	}
	return i;
}

/* ---- did you mean ---- */

struct guess {
	ent_str word;
	char folded[40];
	const char *best;
	size_t least;
};

static struct guess guess_begin(ent_str word)
{
	struct guess guess = { .least = ENT_EDITS_NEAR + 1 };
	size_t len = word.len < sizeof(guess.folded) ? word.len : 0;
	for (size_t i = 0; i < len; i++) {
		char c = word.ptr[i];
		guess.folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	guess.word.len = len;
	return guess;
}

static void guess_try(struct guess *guess, const char *known)
{
	ent_str word = { guess->folded, guess->word.len };
	ent_str name = ent_str_of(known);
	size_t edits = ent_str_edits(word, name);
	if (word.len >= 3 && ent_str_begins(name, word)) {
		edits = 1; /* its beginning */
	}
	if (edits < guess->least && edits < word.len && edits < name.len) {
		guess->best = known;
		guess->least = edits;
	}
}

static const char *nearest_field(const struct ent_expression_root *root, ent_str word)
{
	struct guess guess = guess_begin(word);
	for (size_t i = 0; i < root->type->count; i++) {
		if (is_readable(root, &root->type->fields[i])) {
			guess_try(&guess, root->type->fields[i].name);
		}
	}
	return guess.best;
}

static const char *nearest_root(const struct ent_expression_scope *scope, ent_str word)
{
	struct guess guess = guess_begin(word);
	for (size_t i = 0; i < scope->count; i++) {
		guess_try(&guess, scope->roots[i].name);
	}
	return guess.best;
}

static void fault_name(struct ent_compiling *c, struct ent_side *side, ent_str what,
                       const char *near, const char *hint)
{
	ent_str reason =
		near == NULL ? ent_text_format(c->arena, "%s%s", what.ptr, hint)
			     : ent_text_format(c->arena, "%s; did you mean %s?", what.ptr, near);
	side->is_bad = true;
	ent_fault_at(c, ENT_E_UNKNOWN_FIELD, side->at, side->length, reason);
}

/* ---- names ---- */

struct chain {
	ent_str parts[4]; /* "account", "metadata", "region"; the last may be a quoted key */
	size_t count;
	bool is_keyed; /* the last part was in brackets */
};

static void next_part(struct ent_compiling *c, struct ent_side *side, struct chain *chain)
{
	if (chain->count == ENT_COUNT(chain->parts)) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "this name has too many parts");
		return;
	}
	chain->parts[chain->count++] = c->now.text;
	side->length = c->now.at + c->now.length - side->at;
	ent_scan(c);
}

static void read_chain(struct ent_compiling *c, struct ent_side *side, struct chain *chain)
{
	next_part(c, side, chain);
	while (!c->is_lost && ent_token_is(&c->now, ".")) {
		ent_scan(c);
		if (c->now.form != ENT_TOKEN_WORD) {
			ent_fault_grammar(c, ENT_E_SYNTAX, "a name is missing behind the point");
			return;
		}
		next_part(c, side, chain);
	}
	if (c->is_lost || !ent_token_is(&c->now, "[")) {
		return;
	}
	ent_scan(c);
	if (c->now.form != ENT_TOKEN_TEXT) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "give a name in quotes: metadata[\"a name\"]");
		return;
	}
	chain->is_keyed = true;
	next_part(c, side, chain);
	if (!c->is_lost && !ent_token_is(&c->now, "]")) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "close the bracket with ]");
		return;
	}
	side->length = c->now.at + c->now.length - side->at;
	ent_scan(c);
}

static void unknown_field(struct ent_compiling *c, struct ent_side *side,
                          const struct ent_expression_root *root, ent_str word, bool is_alone)
{
	const char *near = nearest_field(root, word);
	const struct ent_field *field = ent_type_field(root->type, word);
	if (near == NULL && is_alone) {
		near = nearest_root(c->scope, word);
	}
	if (field != NULL && ent_field_is_shown(field)) {
		bool is_derived =
			field->rule == ENT_R_DERIVED && sort_of(field->kind) != ENT_SORT_NONE;
		ent_str what = ent_text_format(c->arena, "%s.%s %s", root->name, field->name,
		                               is_derived ? "is computed and not known here"
		                                          : "is no single value");
		fault_name(c, side, what, NULL, "");
		return;
	}
	ent_str what = ent_text_format(c->arena, "%s has no field %.*s", root->name, (int)word.len,
	                               word.ptr);
	fault_name(c, side, what, near, is_alone ? "; a text goes in quotes" : "");
}

static void set_operand(struct ent_compiling *c, struct ent_side *side, size_t root,
                        const struct ent_field *field)
{
	side->operand = (struct ent_operand){ .root = root,
		                              .field = field,
		                              .offset = field->offset,
		                              .kind = field->kind,
		                              .sort = sort_of(field->kind) };
	if (field->kind == ENT_K_ENUM && field->names == &ent_case_priority_names) {
		assert(field->names->count == ENT_COUNT(priority_ranks));
		side->operand.ranks = priority_ranks;
	}
	ent_set_add(&c->reads[root], ent_type_at(c->scope->roots[root].type, field));
}

/* Behind the field: the name in a map, and nothing else. */
static void bind_key(struct ent_compiling *c, struct ent_side *side, const struct chain *chain,
                     size_t at)
{
	const char *name = side->operand.field->name;
	bool is_map = side->operand.kind == ENT_K_MAP;
	if (is_map && chain->count == at) {
		fault_name(c, side, ent_text_format(c->arena, "name a member: %s.region", name),
		           NULL, "");
	} else if (chain->count > at + is_map) {
		fault_name(c, side, ent_text_format(c->arena, "%s has no parts", name), NULL, "");
	} else if (is_map) {
		side->operand.key = ent_text_copy(c->arena, chain->parts[at]);
	}
}

void ent_bind_name(struct ent_compiling *c, struct ent_side *side)
{
	struct chain chain = { .count = 0 };
	read_chain(c, side, &chain);
	if (c->is_lost) {
		side->is_bad = true;
		return;
	}
	size_t named = find_root(c->scope, chain.parts[0]);
	bool is_rooted =
		named < c->scope->count && chain.count > 1 && !(chain.is_keyed && chain.count == 2);
	const struct ent_expression_root *root = &c->scope->roots[is_rooted ? named : 0];
	ent_str word = chain.parts[is_rooted];
	const struct ent_field *field = ent_type_field(root->type, word);
	if (field != NULL && is_readable(root, field)) {
		set_operand(c, side, is_rooted ? named : 0, field);
		bind_key(c, side, &chain, 1 + (size_t)is_rooted);
	} else if (!is_rooted && named < c->scope->count) {
		const char *name = c->scope->roots[named].name;
		fault_name(c, side,
		           ent_text_format(c->arena, "%s is a record: name a field, as %s.id", name,
		                           name),
		           NULL, "");
	} else if (!is_rooted && chain.count > 1 && field == NULL) {
		ent_str what = ent_text_format(c->arena, "there is no record %.*s", (int)word.len,
		                               word.ptr);
		fault_name(c, side, what, nearest_root(c->scope, word), "");
	} else {
		unknown_field(c, side, root, word, !is_rooted);
	}
}
