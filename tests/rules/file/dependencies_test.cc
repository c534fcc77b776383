#include <gtest/gtest.h>

#include <string>

#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

// "LINE NAME VERSION" for each, with a '!' behind what is pinned; then mistakes.
std::string read(std::string_view text, DependencyFile file) {
  const Dependencies found = read_dependencies(text, file);
  std::string all;
  for (const Dependency& one : found.list) {
    all += std::to_string(one.line) + " " + one.name + " " + one.version + (one.pinned ? "!" : "") +
           "\n";
  }
  for (const ConfigMistake& mistake : found.mistakes) {
    all += std::to_string(mistake.line) + ": " + mistake.message + "\n";
  }
  return all;
}
std::string pip(std::string_view text) { return read(text, DependencyFile::requirements); }
std::string conda(std::string_view text) {
  return read("dependencies:\n" + std::string(text), DependencyFile::conda);
}
std::string npm(std::string_view text) { return read(text, DependencyFile::npm); }
std::string docker(std::string_view text) { return read(text, DependencyFile::dockerfile); }
std::string pyproject(std::string_view text) { return read(text, DependencyFile::pyproject); }

const std::string kCommit(40, 'a');
const std::string kDigest = "sha256:" + std::string(64, 'b');

TEST(Dependencies, KnowTheirFileByItsName) {
  EXPECT_EQ(dependency_file("requirements-dev.txt"), DependencyFile::requirements);
  EXPECT_EQ(dependency_file("deps.in"), DependencyFile::requirements);
  EXPECT_EQ(dependency_file("a/pyproject.toml"), DependencyFile::pyproject);
  EXPECT_EQ(dependency_file("environment.yml"), DependencyFile::conda);
  EXPECT_EQ(dependency_file("package.json"), DependencyFile::npm);
  EXPECT_EQ(dependency_file("a/Dockerfile"), DependencyFile::dockerfile);
  EXPECT_EQ(dependency_file("Dockerfile.gpu"), DependencyFile::dockerfile);
  EXPECT_EQ(dependency_file("train.dockerfile"), DependencyFile::dockerfile);
  EXPECT_EQ(dependency_file("Dockerfile.yaml"), DependencyFile::dockerfile);
  EXPECT_EQ(dependency_file("dockerfiles"), DependencyFile::requirements);
}

TEST(Dependencies, AreNamedAlikeAsPythonDoes) {
  EXPECT_EQ(normal_name("Foo._-Bar"), "foo-bar");
  EXPECT_EQ(normal_name("nvcr.io/NVIDIA/pytorch"), "nvcr-io/nvidia/pytorch");
  EXPECT_EQ(normal_name(""), "");
}

TEST(Requirements, ReadVersions) {
  EXPECT_EQ(pip("torch==2.1.0\n"), "1 torch 2.1.0!\n");
  EXPECT_EQ(pip("torch == 2.1.0+cu118 # why\n"), "1 torch 2.1.0+cu118!\n");
  EXPECT_EQ(pip("torch===2.1\n"), "1 torch 2.1!\n");
  EXPECT_EQ(pip("torch==2.1.*\n"), "1 torch ==2.1.*\n");
  EXPECT_EQ(pip("torch<3, >=2\n"), "1 torch <3,>=2\n");
  EXPECT_EQ(pip("torch>=2,==2.1.0\n"), "1 torch 2.1.0!\n");
  EXPECT_EQ(pip("torch~=2.1\ntorch!=2.0\ntorch\n"), "1 torch ~=2.1\n2 torch !=2.0\n3 torch \n");
  EXPECT_EQ(pip("torch==${TORCH}\n"), "1 torch ==${TORCH}\n");
  EXPECT_EQ(pip("torch (==2.1.0)\n"), "1 torch 2.1.0!\n");
}

TEST(Requirements, ReadExtrasMarkersHashesAndContinuations) {
  EXPECT_EQ(pip("torch[cuda, x]==2.1.0 ; python_version < '3.9' and extra == 'x'\n"),
            "1 torch 2.1.0!\n");
  EXPECT_EQ(pip("a\ntorch==2.1.0 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\nb==1\n"),
            "1 a \n2 torch 2.1.0!\n5 b 1!\n");
  EXPECT_EQ(pip("tor\\\nch==2\n"), "1 tor ch==2\n");
  EXPECT_EQ(pip("# torch==1\n  # torch\n\ntorch==2 # torch==3\n"), "4 torch 2!\n");
  EXPECT_EQ(pip("torch==2.1.0 \\\n"), "1 torch 2.1.0!\n");
  EXPECT_EQ(pip("torch==2\r\nnumpy==1\r\n"), "1 torch 2!\n2 numpy 1!\n");
}

TEST(Requirements, ReadOptionsAndPlaces) {
  EXPECT_EQ(pip("-r other.txt\n-c c.txt\n--index-url https://x\n--hash=sha256:0\n"), "");
  EXPECT_EQ(pip("torch @ https://x/torch-2.1.0.whl\n"), "1 torch https://x/torch-2.1.0.whl\n");
  EXPECT_EQ(pip("torch@git+https://x/torch@" + kCommit + " ; python_version>'3'\n"),
            "1 torch git+https://x/torch@" + kCommit + "!\n");
  EXPECT_EQ(pip("-e git+https://x/t@main#egg=torch&subdirectory=a\n"),
            "1 torch git+https://x/t@main#egg=torch&subdirectory=a\n");
  EXPECT_EQ(pip("--editable=git+https://x/t@" + kCommit + "#egg=torch\n"),
            "1 torch git+https://x/t@" + kCommit + "#egg=torch!\n");
  EXPECT_EQ(pip("https://x/torch-2.1.0+cu118-cp310-cp310-linux_x86_64.whl\n"),
            "1 torch 2.1.0+cu118!\n");
  EXPECT_EQ(pip("./wheels/torch-2.1.0-cp310-cp310-linux_x86_64.whl\n"), "1 torch 2.1.0!\n");
  EXPECT_EQ(pip("https://x/torch-2.1.0.tar.gz\n"), "1 torch https://x/torch-2.1.0.tar.gz\n");
}

TEST(Requirements, HideNothingBehindOddBytes) {
  EXPECT_EQ(pip("# a\xE2\x80\xA8torch==2\n"), "2 torch 2!\n");
  EXPECT_EQ(pip("# a\xC2\x85torch==2\n"), "2 torch 2!\n");
  EXPECT_EQ(pip("# a\rtorch==2\n"), "1: a control character stands here\n");
  EXPECT_EQ(pip("# a\x0ctorch==2\n"), "1: a control character stands here\n");
  EXPECT_EQ(pip(std::string_view("t\0o\0r\0c\0h\0", 10)), "1: a NUL stands here\n");
  EXPECT_EQ(pip("\xff\xfet"), "1: this byte is not UTF-8\n");
  EXPECT_EQ(pip("\xEF\xBB\xBFtorch==2\n"), "1 torch 2!\n");
  EXPECT_EQ(pip("[\n]\n;\n@\n==1\n"), "1 [ [\n2 ] ]\n3 ; ;\n4 @ @\n5 ==1 ==1\n");
  EXPECT_NE(pip(std::string(1'000'000, '\\')), "x");
  EXPECT_NE(pip(std::string(1'000'000, '-')), "x");
}

TEST(Pyproject, ReadsEveryTable) {
  EXPECT_EQ(pyproject("[project]\ndependencies = [\n  'torch==2.1.0',\n  'numpy>=1'\n]\n"
                      "[project.optional-dependencies]\ngpu = ['cupy==12.0']\n"
                      "[dependency-groups]\ntest = ['pytest==8.0', {include-group = 'x'}]\n"
                      "[build-system]\nrequires = ['hatchling']\n"),
            "3 torch 2.1.0!\n4 numpy >=1\n7 cupy 12.0!\n9 pytest 8.0!\n11 hatchling \n");
  EXPECT_EQ(pyproject("[tool.poetry.dependencies]\na = '2.1.0'\nb = '^2'\nc = {version = '==1.0', "
                      "extras = ['x']}\nd = {git = 'https://x/d', rev = '" +
                      kCommit +
                      "'}\ne = '*'\nf = [{version = '1.0'}, {version = '2.*'}]\n"
                      "[tool.poetry.group.dev.dependencies]\ng = '3.0'\n"),
            "2 a 2.1.0!\n3 b ^2\n4 c 1.0!\n5 d https://x/d@" + kCommit +
                "!\n6 e \n7 f 1.0!\n7 f 2.*\n9 g 3.0!\n");
  EXPECT_EQ(pyproject("[project]\ndependencies = 5\n[tool]\npoetry = []\n"), "");
  EXPECT_EQ(pyproject("[").substr(0, 2), "1:");
}

TEST(Conda, ReadsSpecsAndPip) {
  EXPECT_EQ(conda("  - pytorch=2.1.0=py3.10_cuda\n  - conda-forge::numpy==1.26\n  - python=3.11\n"
                  "  - scipy=1.11.4\n  - cuda >=12\n  - git\n  - mkl 2023.1 build_0\n  - pip:\n"
                  "    - torch==2.1.0\n    - -r other.txt\n"),
            "2 pytorch 2.1.0=py3.10_cuda!\n3 numpy 1.26!\n4 python 3.11\n5 scipy 1.11.4!\n"
            "6 cuda >=12\n7 git \n8 mkl 2023.1 build_0!\n10 torch 2.1.0!\n");
  EXPECT_EQ(conda("  - pytorch=2.*\n  - a==2.*\n"), "2 pytorch 2.*\n3 a 2.*\n");
  EXPECT_EQ(conda(" [a: b: c").substr(0, 2), "2:");
  EXPECT_EQ(conda(" 5\n"), "");
}

TEST(PackageJson, ReadsEverySection) {
  EXPECT_EQ(npm("{\"dependencies\": {\n\"a\": \"1.2.3\",\n\"b\": \"^1.2.3\"},\n"
                "\"devDependencies\": {\"@c/d\": \"=1.2.3\"},\n\"optionalDependencies\": "
                "{\"e\": \"npm:f@1.0.0-rc.1\"},\n\"peerDependencies\": {\"g\": \"*\", \"h\": "
                "\"1.2\", \"i\": \"git+https://x#" +
                kCommit + "\", \"j\": 5}}"),
            "2 a 1.2.3!\n3 b ^1.2.3\n4 @c/d =1.2.3!\n5 e npm:f@1.0.0-rc.1!\n6 g *\n6 h 1.2\n"
            "6 i git+https://x#" +
                kCommit + "!\n6 j 5\n");
  EXPECT_EQ(npm("{\"a\": 1, \"a\": 2}"), "1: duplicate key 'a'; the first is in line 1\n");
  EXPECT_EQ(npm("[]"), "");
}

TEST(Dockerfile, ReadsImages) {
  EXPECT_EQ(docker("FROM python:3.11.4-slim\n"), "1 python 3.11.4-slim!\n");
  EXPECT_EQ(docker("from python\nFrom python:latest\nFROM python:3.11\n"),
            "1 python \n2 python latest\n3 python 3.11\n");
  EXPECT_EQ(docker("FROM python:3.11@" + kDigest + "\n"), "1 python 3.11@" + kDigest + "!\n");
  EXPECT_EQ(docker("FROM python:3.11.4@sha256:12\n"), "1 python 3.11.4@sha256:12\n");
  EXPECT_EQ(docker("FROM --platform=linux/amd64 nvcr.io/nvidia/pytorch:23.10-py3 AS base\n"),
            "1 nvcr.io/nvidia/pytorch 23.10-py3!\n");
  EXPECT_EQ(docker("FROM host:5000/a/b\n"), "1 host:5000/a/b \n");
  EXPECT_EQ(docker("FROM docker.io/library/debian:bookworm-20231009\n"),
            "1 debian bookworm-20231009!\n");
}

TEST(Dockerfile, LeavesStagesAndScratchOut) {
  EXPECT_EQ(docker("FROM scratch\nFROM a:1.2.3 AS Base\nFROM base AS next\nFROM next\n"),
            "2 a 1.2.3!\n");
  EXPECT_EQ(docker("FROM base\nFROM a:1.2.3 as base\n"), "1 base \n2 a 1.2.3!\n");
}

TEST(Dockerfile, PutsDefaultsOfArgumentsIn) {
  EXPECT_EQ(docker("ARG TAG=2.1.0\nARG NAME=\"pytorch\"\nFROM ${NAME}/$NAME:${TAG}-cuda\n"),
            "3 pytorch/pytorch 2.1.0-cuda!\n");
  EXPECT_EQ(docker("ARG TAG\nFROM a:${TAG}\nFROM a:$TAG\n"), "2 a ${TAG}\n3 a $TAG\n");
  EXPECT_EQ(docker("FROM a:${TAG:-1.2.3}\nFROM a:1.2.3${X:+-y}\n"), "1 a 1.2.3!\n2 a 1.2.3!\n");
  EXPECT_EQ(docker("FROM a:1.2.3\nARG TAG=9.9.9\nFROM b:$TAG\n"), "1 a 1.2.3!\n3 b $TAG\n");
  EXPECT_EQ(docker("FROM a:${\nFROM b:$\nFROM c:${X\n").substr(0, 4), "1 a ");
}

TEST(Dockerfile, JoinsLines) {
  EXPECT_EQ(docker("FROM \\\n  # a comment\n\n  a:1.2.3 \\\n  AS x\nRUN echo FROM b\n"),
            "1 a 1.2.3!\n");
  EXPECT_EQ(docker("# escape=`\nFROM `\n a:1.2.3\n"), "2 a 1.2.3!\n");
  EXPECT_EQ(docker("RUN a \\\nFROM b\nFROM c:1.2.3"), "3 c 1.2.3!\n");
  EXPECT_EQ(docker("FROM\r\nFROM a:1.2.3\r\n"), "2 a 1.2.3!\n");
  std::string doubling = "ARG A=xxxxxxxxxx\n";
  for (int i = 0; i < 200; ++i) doubling += "ARG A=$A$A\n";
  EXPECT_LT(docker(doubling + "FROM $A\n").size(), 5000U);
}

}  // namespace
}  // namespace trunkgate
