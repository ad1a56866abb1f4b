package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said about secrets and stores that cannot be.
final class BadSecretTest {
    static Stream<BadProfile> secrets() {
        return Stream.of(
                new BadProfile(
                        "password in clear",
                        Samples.with("{env: PASSWORD}", "hunter2"),
                        "shop.yaml:7:46: databases.shop.admin.password stands in clear in the profile; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}, and change the secret if anybody may"
                                + " have seen this file"),
                new BadProfile(
                        "password of digits",
                        Samples.with("{env: PASSWORD}", "12345678"),
                        "shop.yaml:7:46: databases.shop.admin.password stands in clear in the profile; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}, and change the secret if anybody may"
                                + " have seen this file"),
                new BadProfile(
                        "password in a list",
                        Samples.with("{env: PASSWORD}", "[hunter2]"),
                        "shop.yaml:7:46: databases.shop.admin.password must be {env: NAME}, {file: path} or {vault:"
                                + " path#field}, not a list"),
                new BadProfile(
                        "no source",
                        Samples.with("{env: PASSWORD}", "{}"),
                        "shop.yaml:7:46: databases.shop.admin.password must have exactly one source; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}"),
                new BadProfile(
                        "two sources",
                        Samples.with("{env: PASSWORD}", "{env: PASSWORD, file: password}"),
                        "shop.yaml:7:46: databases.shop.admin.password must have exactly one source; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}"),
                new BadProfile(
                        "source that there is not",
                        Samples.with("{env: PASSWORD}", "{evn: PASSWORD}"),
                        "shop.yaml:7:47: unknown key in databases.shop.admin.password \"evn\"; did you mean \"env\"?"),
                new BadProfile(
                        "field of the store without a field",
                        Samples.with("{env: PASSWORD}", "{vault: ops/shop}"),
                        "shop.yaml:7:54: databases.shop.admin.password.vault must be path#field, not \"ops/shop\""),
                new BadProfile(
                        "store opened by itself",
                        "vault: {auth: {method: token, token: {vault: ops/token#value}}}\n" + Samples.SMALL,
                        "shop.yaml:1:38: vault.auth.token cannot come from the store that it opens; write {env: NAME}"
                                + " or {file: path}"),
                new BadProfile(
                        "url of another engine",
                        Samples.with("jdbc:postgresql:", "jdbc:mysql:"),
                        "shop.yaml:6:10: this URL does not begin with jdbc:postgresql:"));
    }

    static Stream<BadProfile> stores() {
        return Stream.of(
                new BadProfile(
                        "two stores",
                        "vault: {mount: kv}\nstore: {file: {path: logins.age, identity: {env: KEY}}}\n" + Samples.SMALL,
                        "shop.yaml:2:1: the profile has both \"vault\" and \"store\"; keep the one that agents read"
                                + " their login from"),
                new BadProfile(
                        "path that two agents would share",
                        "vault: {path: 'agents/{environment}/{database}-{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path \"agents/{environment}/{database}-{agent}\" has no segment"
                                + " {database}, {agent}; for example agents/{environment}/{database}/{agent}"),
                new BadProfile(
                        "path that begins with a database",
                        "vault: {path: '{database}/{environment}/{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path \"{database}/{environment}/{agent}\" has a placeholder before"
                                + " {environment}: no folder would hold this environment alone; for example"
                                + " agents/{environment}/{database}/{agent}"),
                new BadProfile(
                        "path out of the mount",
                        "vault: {path: '../{environment}/{database}/{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path has the segment \"..\"; between slashes use letters, digits, _ ."
                                + " and -"),
                new BadProfile(
                        "login that there is not",
                        "vault: {auth: {method: userpass}}\n" + Samples.SMALL,
                        "shop.yaml:1:24: unknown auth method \"userpass\"; known: token, approle"),
                new BadProfile(
                        "login without a method",
                        "vault: {auth: {token: {env: TOKEN}}}\n" + Samples.SMALL,
                        "shop.yaml:1:9: vault.auth has no \"method\""),
                new BadProfile(
                        "AppRole with the keys of a token",
                        "vault: {auth: {method: approle, token: {env: TOKEN}}}\n" + Samples.SMALL,
                        """
                        shop.yaml:1:9: vault.auth has no "role_id"
                        shop.yaml:1:9: vault.auth has no "secret_id"
                        shop.yaml:1:33: unknown key in vault.auth "token"; known: method, role_id, secret_id, mount"""));
    }

    @ParameterizedTest
    @MethodSource({"secrets", "stores"})
    void everyProblemIsToldWithItsPlace(BadProfile bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }
}
