#include "cli/cli.h"

int main(int argc, char **argv)
{
	return ent_cli_main(argc, argv);
}
