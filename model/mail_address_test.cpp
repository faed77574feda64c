#include "model/mail_address.hpp"

#include "tools/cmake/catch.hpp"
