#include "prober/http_client.hpp"
