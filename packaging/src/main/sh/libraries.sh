#!/bin/sh
# libraries.sh FOLDER SECONDS [KEY]: builds what is published to Maven, in a copy of the sources, as
# FOLDER/target/quick/central-publishing/central-bundle.zip. The modules are those that piecework-bom names; Central takes no
# -SNAPSHOT, so they get the version that it leads to. SECONDS since 1970 are the time of all that is made, KEY one that gpg has.
set -eu
cd "$1"
signing=-Dgpg.skip
[ -z "${3:-}" ] || signing=-Dgpg.keyname=$3
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml)
find . -name pom.xml -exec sed -i "s|<version>$version</version>|<version>${version%-SNAPSHOT}</version>|" {} +
modules=$(sed -n 's|^        <artifactId>\(piecework[a-z-]*\)</artifactId>$|:\1|p' bom/pom.xml | paste -sd , -)
exec ./mvnw -B -q -ntp -Dquick -Prelease "$signing" -Dmaven.test.skip=true -Dmaven.install.skip=true \
  -Dproject.build.outputTimestamp="$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%SZ)" -pl ":piecework-bom,$modules" -am deploy
