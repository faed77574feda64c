#include "model/mail_address.hpp"
