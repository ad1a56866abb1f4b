package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.problem.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Holds the schema and the reader together: the same keys, and the same verdict on the shape of a profile.
final class ProfileSchemaTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode TREE = JSON.readTree(ProfileSchema.text());
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ProfileSchema.text(), InputFormat.JSON);

    /// Where the schema has each form.
    private static final Map<Form, String> PLACES = Map.ofEntries(
            Map.entry(Form.PROFILE, ""),
            Map.entry(Form.VAULT, "/$defs/vault"),
            Map.entry(Form.TOKEN, "/$defs/token"),
            Map.entry(Form.APPROLE, "/$defs/approle"),
            Map.entry(Form.STORE, "/$defs/store"),
            Map.entry(Form.FILE_STORE, "/$defs/fileStore"),
            Map.entry(Form.DATABASE, "/$defs/database"),
            Map.entry(Form.ADMIN, "/$defs/admin"),
            Map.entry(Form.CHANGES, "/$defs/changes"),
            Map.entry(Form.SCOPE, "/$defs/scope"),
            Map.entry(Form.AGENT, "/$defs/agent"),
            Map.entry(Form.ACCESS, "/$defs/access"),
            Map.entry(Form.LEASE, "/$defs/lease"),
            Map.entry(Form.WAIVER, "/$defs/waiver"),
            Map.entry(Form.REFERENCE, "/$defs/reference"));

    /// Together they have every key there is.
    private static final List<String> FULL = List.of(
            """
            version: 1
            environment: staging
            vault:
              address: https://vault.example.com:8200
              namespace: agents
              ca_file: ca.pem
              auth: {method: approle, role_id: {env: ROLE}, secret_id: {file: secret-id}, mount: approle}
              mount: kv
              path: agents/{environment}/{database}/{agent}
            databases:
              shop:
                engine: postgresql
                url: jdbc:postgresql://localhost/shop
                admin: {username: provisioner, password: {vault: ops/shop#password}}
                identity: "7438291048211110"
                harden: [public-temp]
                tls: unverified
                changes:
                  username: shop_owner
                  password: {env: OWNER_PASSWORD}
                  lock_timeout: 2s
                  statement_timeout: 30m
                  approval: 2h
                  approvers: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUjJdGxv7p5R0m3Yy3Rk8cYH3yYq1Jv0m8o3p1Zk2aB me@example.com"]
            scopes:
              orders:
                database: shop
                include: ["app.*"]
                exclude: [app.orders.card]
                future: true
            agents:
              support-bot:
                owner: me
                purpose: answers questions
                request_changes: true
                access: [{scope: orders, tier: writer, rows: 5, rows_per_transaction: 100, whole_table: 5,
                    rows_per_window: 1000, window: 1h, functions: true}]
                lease:
                  ttl: 1h
                  overlap: 10m
                  connections: 5
                  idle_timeout: 1m
                  statement_timeout: 10s
                  max_session: 1h30m
            waivers:
              - {finding: PUBLIC-TEMP, database: shop, agent: support-bot, reason: old, by: me, until: 2027-01-31}
            """,
            "vault: {auth: {method: token, token: {env: TOKEN}}}\n" + Samples.SMALL,
            Samples.with("engine: postgresql", """
            engine: mysql
                agent_url: {env: AGENT_URL}
                hosts: [10.1.%, app.example.com, 10.2.0.0/255.255.0.0]
                expiry_event: true""")
                    .replace("jdbc:postgresql://localhost/shop", "jdbc:mysql://localhost/shop"),
            """
            store: {file: {path: logins.age, identity: {file: key}}}
            """ + Samples.SMALL);

    @ParameterizedTest
    @EnumSource(Form.class)
    void theSchemaHasTheKeysThatTheReaderTakes(Form form) {
        var schema = TREE.at(PLACES.getOrDefault(form, "nowhere"));

        assertThat(schema.path("properties").propertyNames()).containsExactlyInAnyOrderElementsOf(form.keys());
        assertThat(strings(schema.path("required"))).containsExactlyInAnyOrderElementsOf(form.required());
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    }

    @Test
    void theSchemaHasNoMappingThatTheReaderDoesNotKnow() {
        var mappings = TREE.path("$defs").properties().stream()
                .filter(definition -> definition.getValue().has("properties"))
                .map(definition -> "/$defs/" + definition.getKey());

        assertThat(Stream.concat(Stream.of(""), mappings)).containsExactlyInAnyOrderElementsOf(PLACES.values());
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void everyKeyIsExplainedInOneSentence(Form form) {
        TREE.at(PLACES.getOrDefault(form, "nowhere"))
                .path("properties")
                .forEach(property -> assertThat(property.path("description").asString(""))
                        .endsWith(".")
                        .doesNotContain(". "));
    }

    @Test
    void theSchemaKnowsTheWordsThatTheProgramKnows() {
        assertThat(strings(TREE.at("/$defs/access/properties/tier/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(Tier.values()).map(Tier::word).toList());
        assertThat(strings(TREE.at("/$defs/database/properties/harden/items/enum")))
                .containsExactlyElementsOf(new TreeSet<>(PostgresTerms.TERMS.hardening()));
    }

    @Test
    void theFullProfilesHaveEveryKey() {
        var keys = new HashSet<String>();
        FULL.forEach(text -> keys(tree(text), keys));

        assertThat(keys)
                .containsAll(Arrays.stream(Form.values())
                        .flatMap(form -> form.keys().stream())
                        .toList());
    }

    static Stream<String> wellFormed() {
        return Stream.concat(FULL.stream(), Stream.of(Samples.SMALL));
    }

    @ParameterizedTest
    @MethodSource("wellFormed")
    void bothTakeWhatIsGood(String text) {
        assertThat(refusalOfReader(text)).isEmpty();
        assertThat(SCHEMA.validate(tree(text))).isEmpty();
    }

    static Stream<BadProfile> malformed() {
        return Stream.of(BadYamlTest.keys(), BadYamlTest.types(), BadSecretTest.secrets(), BadSecretTest.stores())
                .flatMap(cases -> cases);
    }

    /// What no schema of a tree can see: the same key twice, the content of a URL, that one value opens
    /// another, which segments of a path matter.
    private static final List<String> ONLY_THE_READER_SEES = List.of(
            "duplicate key",
            "duplicate agent",
            "key that is no text",
            "store opened by itself",
            "url of another engine",
            "path that two agents would share",
            "path out of the mount");

    @ParameterizedTest
    @MethodSource("malformed")
    void bothRefuseWhatIsMalformed(BadProfile bad) {
        assertThat(refusalOfReader(bad.text())).isNotEmpty();
        if (!ONLY_THE_READER_SEES.contains(bad.name())) {
            assertThat(SCHEMA.validate(tree(bad.text()))).isNotEmpty();
        }
    }

    /// Takes each key away, misspells it, and puts values of every other type in its place.
    @ParameterizedTest
    @MethodSource("wellFormed")
    void bothJudgeEveryChangeOfShapeTheSame(String text) {
        var differences = new ArrayList<String>();
        var root = tree(text);
        forEachChange(root, change -> {
            var changed = JSON.writeValueAsString(root);
            var bySchema = !SCHEMA.validate(root).isEmpty();
            var byReader = refusalOfReader(changed);
            if (bySchema == byReader.isEmpty()) {
                differences.add(change + ": the schema " + (bySchema ? "refuses" : "takes") + " it, the reader says "
                        + byReader);
            }
        });

        assertThat(differences).isEmpty();
    }

    /// Calls back after each change and then undoes it.
    private static void forEachChange(JsonNode node, Consumer<String> changed) {
        switch (node) {
            case ObjectNode object -> {
                for (var key : List.copyOf(object.propertyNames())) {
                    var value = object.remove(key);
                    changed.accept("without " + key);
                    object.set(key + "x", value);
                    changed.accept("misspelt " + key);
                    object.remove(key + "x");
                    for (var other : OTHERS) {
                        object.set(key, other);
                        changed.accept(key + " = " + other);
                    }
                    object.set(key, value);
                    forEachChange(value, changed);
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    var value = array.get(i);
                    for (var other : OTHERS) {
                        array.set(i, other);
                        changed.accept(other + " in " + array);
                    }
                    array.set(i, value);
                    forEachChange(value, changed);
                }
            }
            default -> {}
        }
    }

    private static final List<JsonNode> OTHERS = Stream.of(
                    "{}", "[]", "5", "0", "1.5", "true", "null", "\"\"", "{\"x\": 1}")
            .map(JSON::readTree)
            .toList();

    /// What the reader has against the shape of a text; references that dangle are another matter.
    private static List<String> refusalOfReader(String text) {
        try {
            Readers.WITH_WRITER.read("shop.yaml", text);
            return List.of();
        } catch (Failure e) {
            return e.problems().stream()
                    .map(problem -> problem.toString())
                    .filter(problem -> !problem.matches("(?s).*unknown (database|scope|agent) \".*"))
                    .toList();
        }
    }

    private static JsonNode tree(String yaml) {
        var settings = LoadSettings.builder().setAllowDuplicateKeys(true).build();
        return JSON.valueToTree(new Load(settings).loadFromString(yaml));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static void keys(JsonNode node, Set<String> keys) {
        keys.addAll(node.propertyNames());
        node.forEach(child -> keys(child, keys));
    }
}
