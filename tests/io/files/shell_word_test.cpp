#include "powerstroke/io/files/shell_word.hpp"

#include <doctest/doctest.h>

using powerstroke::io::shell_word;

TEST_CASE("a name goes through a shell as one word") {
  CHECK(shell_word("out/relaxation-2") == "out/relaxation-2");
  CHECK(shell_word("my run") == "'my run'");
  CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("~") == "'~'");
  CHECK(shell_word("a;b") == "'a;b'");
}
