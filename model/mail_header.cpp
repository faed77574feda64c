#include "model/mail_header.hpp"
