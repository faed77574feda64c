#include "model/store.hpp"

int main() {
    return 0;
}
