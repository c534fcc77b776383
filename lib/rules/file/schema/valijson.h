// valijson without the start-up code of <iostream>, which its headers include and do not use.
// Private to rules/file/schema.
#pragma once

#include <istream>
#include <ostream>

#define VALIJSON_USE_EXCEPTIONS 1
#ifndef _GLIBCXX_IOSTREAM
#define _GLIBCXX_IOSTREAM 1  // NOLINT(bugprone-reserved-identifier)
#endif

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/subschema.hpp>
