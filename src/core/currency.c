#include "core/value.h"

#include <string.h>

/* ISO 4217 list one (current currencies and funds) as of 2026: Croatia (HRK,
 * 2023) and Bulgaria (BGN, 2026) have the euro, ANG became XCG, SLL SLE, ZWL ZWG.
 * Left out: metals, bond units and the like (XAU, XDR, XTS, XXX), to which the
 * list gives no minor unit, so that no amount of them can be written.
 * Sorted; those with another number of digits than two are listed beside it. */
static const char codes[][4] = {
	"AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD",
	"BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF",
	"CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF",
	"DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP",
	"GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR",
	"ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
	"LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP",
	"MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR",
	"NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
	"RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
	"SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH",
	"UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAD",
	"XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
};

static const struct {
	char code[4];
	int digits;
} unusual[] = {
	{ "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 },
	{ "IQD", 3 }, { "ISK", 0 }, { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 },
	{ "KWD", 3 }, { "LYD", 3 }, { "OMR", 3 }, { "PYG", 0 }, { "RWF", 0 }, { "TND", 3 },
	{ "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 }, { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 },
	{ "XOF", 0 }, { "XPF", 0 },
};

/* Is it among `count` codes, each at the front of `size` bytes? Where, in *at. */
static bool find(const void *table, size_t count, size_t size, const char *code, size_t *at)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = memcmp((const char *)table + mid * size, code, 3);
		if (order == 0) {
			*at = mid;
			return true;
		}
		low = order < 0 ? mid + 1 : low;
		high = order < 0 ? high : mid;
	}
	return false;
}

int ent_currency_digits(ent_str code)
{
	size_t at;
	if (code.len != 3 || !find(codes, ENT_COUNT(codes), sizeof(codes[0]), code.ptr, &at)) {
		return -1;
	}
	if (find(unusual, ENT_COUNT(unusual), sizeof(unusual[0]), code.ptr, &at)) {
		return unusual[at].digits;
	}
	return 2;
}
