#include "model/testing/right_catalog.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("one wrong line of a distribution or its series gives its error and nothing else",
          "[model][catalog_distribution]") {
    const auto [why, from, to, line, fragment] =
        GENERATE(table<std::string, std::string, std::string, int, std::string>({
            {"no text", "title", "title = 5", 3, "title: this must be a text"},
            {"a control character", "title", R"(title = "a\u001Bb")", 3, "control character"},
            {"a long title", "title", "title = \"" + std::string(201, 'a') + "\"", 3,
             "200 are the most"},
            {"a wrong name", "name = \"ubuntu\"", "name = \"Ubuntu\"", 2, "\"Ubuntu\" is no name"},
            {"the name of a page", "name = \"ubuntu\"", "name = \"help\"", 2,
             "cannot be called \"help\""},
            {"no name of a distribution", "name = \"ubuntu\"", "", 1, "name is missing"},
            {"a wrong primary URL", "primary_url", "primary_url = \"http://a.example/?x\"", 4,
             "primary_url: the URL has a query"},
            {"rsync as primary URL", "primary_url", "primary_url = \"rsync://a.example/\"", 4,
             "primary_url: the URL's scheme is \"rsync\""},
            {"a wrong rule", "freshness_rule", "freshness_rule = \"Window\"", 5,
             "\"Window\" is not one of \"window\", \"anchored\""},
            {"a wrong pocket", "pockets", "pockets = [\"RELEASE\", \"updates\"]", 6,
             "\"updates\" is not one of RELEASE"},
            {"in its own line", "pockets", "pockets = [\"RELEASE\",\n\"updates\"]", 7,
             "\"updates\""},
            {"a pocket twice", "pockets", "pockets = [\"RELEASE\", \"RELEASE\"]", 6, "twice"},
            {"no pockets", "pockets", "pockets = []", 6, "empty"},
            {"no list", "pockets", "pockets = {a = 1}", 6, "must be a list"},
            {"no text in a list", "pockets", "pockets = [\"RELEASE\", 1]", 6, "each entry must be"},
            {"a wrong admin", "admins", "admins = [\"Ann\"]", 7, "admins: \"Ann\" is no mail"},
            {"an admin twice", "admins", "admins = [\"ann@b.example\", \"Ann <ann@b.example>\"]", 7,
             "the address \"ann@b.example\" is given twice"},
            {"no series name", "name = \"hoary\"", "", 17, "name is missing"},
            {"a slash in a series", "name = \"hoary\"", "name = \"../x\"", 18, "name: \"../x\""},
            {"no version", "version", "", 17, "version is missing"},
            {"an empty version", "version", "version = \"\"", 19, "version: \"\" is no version"},
            {"a number as version", "version", "version = 5.04", 19, "must be a text"},
            {"a wrong series status", "status", "status = \"OLD\"", 20,
             "\"OLD\" is not one of EXP"},
            {"a wrong component", "components", "components = [\"main\", \"a/b\"]", 21,
             "components: \"a/b\""},
            {"an empty component", "components", "components = [\"\"]", 21, "components: \"\""},
            {"a long component", "components", "components = [\"" + std::string(101, 'a') + "\"]",
             21, "is not valid"},
            {"a component twice", "components", "components = [\"main\", \"main\"]", 21, "twice"},
            {"an architecture twice", "unofficial", "unofficial_architectures = [\"i386\"]", 23,
             "\"i386\" is given twice, in line 22 and in line 23"},
            {"source as architecture", "architectures", "architectures = [\"source\"]", 22,
             "\"source\" is no architecture"},
            {"no flavour", "flavour", "", 25, "flavour is missing"},
            {"no files", "files", "", 25, "files is missing"},
            {"an empty list of files", "files", "files = []", 27, "empty"},
            {"a file outside", "files", "files = [\"../../etc/passwd\"]", 27, "no path below"},
            {"a file from the root", "files", "files = [\"/etc/passwd\"]", 27, "no path below"},
            {"a file twice", "files", "files = [\"a.iso\", \"a.iso\"]", 27, "twice"},
        }));
    CAPTURE(why);

    model::testing::check_one_error(from, to, line, fragment);
}
