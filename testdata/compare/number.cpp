// Numbers the lines of files.
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>

int main(int argc, char **argv)
{
	long n = 0;
	for (int i = 1; i < argc; i++) {
		std::ifstream in(argv[i]);
		for (std::string line; std::getline(in, line);)
			std::cout << std::setw(6) << ++n << ' ' << line << '\n';
	}
}
