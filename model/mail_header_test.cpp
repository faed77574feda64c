#include "model/mail_header.hpp"

#include "tools/cmake/catch.hpp"
