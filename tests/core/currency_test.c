#include "core/value.h"

#include "test.h"

TEST(currency_knows_its_digits)
{
	static const struct {
		int digits;
		const char *codes;
	} rows[] = {
		{ 0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF" },
		{ 2, "AED EUR USD GBP CHF CHE CHW CZK HUF IDR MGA MRU TWD UYU XCG XAD ZWG ZAR" },
		{ 3, "BHD IQD JOD KWD LYD OMR TND" },
		{ 4, "CLF UYW" },
		{ -1, "HRK BGN ANG SLL ZWL CUC DEM LTL VEF XAU XDR XTS XXX XXY AAA ZZZ ABC" },
		{ -1, "eur Eur EU EURO E€ 978 $$$" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		for (ent_str rest = ent_str_of(rows[i].codes); rest.len > 0;) {
			struct ent_cut cut = ent_str_cut(rest, ' ');
			ROW(cut.head.ptr);
			CHECK_INT(ent_currency_digits(cut.head), rows[i].digits);
			rest = cut.tail;
		}
	}
	CHECK_INT(ent_currency_digits((ent_str){ NULL, 0 }), -1);
	CHECK_INT(ent_currency_digits((ent_str){ "EU\0", 3 }), -1);
}

TEST(currency_list_is_whole)
{
	int count = 0;
	for (int i = 0; i < 26 * 26 * 26; i++) {
		char code[3] = { (char)('A' + i / 676), (char)('A' + i / 26 % 26),
			         (char)('A' + i % 26) };
		count += ent_currency_digits((ent_str){ code, 3 }) >= 0;
	}
	CHECK_INT(count, 165);
}
