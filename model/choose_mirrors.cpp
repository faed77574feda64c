#include "model/choose_mirrors.hpp"
