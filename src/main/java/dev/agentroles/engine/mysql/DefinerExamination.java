package dev.agentroles.engine.mysql;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.mysql.EffectivePrivileges.Power;
import dev.agentroles.engine.mysql.GrantTables.Account;
import dev.agentroles.engine.mysql.GrantTables.Relation;
import dev.agentroles.engine.mysql.GrantTables.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What acts for a subject with somebody else's rights: views that it reads, triggers that fire on what it
/// writes, definers that are gone, and tables that are windows on others. Routines that it may call are told
/// with the privilege that opens them.
final class DefinerExamination {
    private static final Set<Privilege> WRITES = Set.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    private final Examined examined;
    private final AdministratorGrants administrator;
    private final List<Trigger> triggers;
    private final List<Relation> views;
    private final List<Finding> findings = new ArrayList<>();

    /// @param triggers that the administrator is shown
    DefinerExamination(Examined examined, AdministratorGrants administrator, Collection<Trigger> triggers) {
        this.examined = examined;
        this.administrator = administrator;
        var written = written(examined);
        this.triggers = triggers.stream()
                .filter(trigger -> written.contains(trigger.on()))
                .toList();
        this.views = views();
    }

    List<Finding> findings() {
        views.forEach(this::view);
        triggers.forEach(this::trigger);
        examined.own().forEach(this::goneRoutines);
        examined.tables().relations().forEach(this::elsewhere);
        unseenTexts();
        unseenTriggers();
        return findings;
    }

    /// The text of a view is as much of it as the server shows to this administrator: of another's view
    /// nothing, without SHOW VIEW. Whose rights it has is always shown.
    List<Definition> definitions() {
        return Stream.concat(
                        views.stream()
                                .map(view -> definition(
                                        "view " + view.name().display(),
                                        code(view).definer(),
                                        view.view().orElseThrow().text())),
                        triggers.stream()
                                .map(trigger -> definition(
                                        "trigger " + trigger.name() + " of "
                                                + trigger.on().display(),
                                        trigger.definer(),
                                        trigger.text())))
                .toList();
    }

    private static Definition definition(String identity, String definer, String text) {
        return new Definition(identity, Sha256.of(definer + "\n" + text).hex());
    }

    /// Views that the subject reads by its own power and with their definers' rights, but for the guard's.
    private List<Relation> views() {
        var guards = examined.intended().guard().tables().stream()
                .map(Guard.Table::on)
                .flatMap(table -> Stream.of(GuardSql.viewOf(table), GuardSql.innerOf(table)))
                .collect(Collectors.toSet());
        var readable = examined.own()
                .filter(power -> power.held().words().contains(Privilege.SELECT.sql()))
                .flatMap(power -> examined.tables().covered(power.held(), Privilege.SELECT.sql()))
                .map(Securable::whole)
                .collect(Collectors.toSet());
        return examined.tables().relations().stream()
                .filter(relation -> readable.contains(relation.name()) && !guards.contains(relation.name()))
                .filter(relation -> relation.view()
                        .filter(view -> view.code().runsAsDefiner())
                        .isPresent())
                .toList();
    }

    private static GrantTables.Code code(Relation view) {
        return view.view().orElseThrow().code();
    }

    /// The tables that a subject is to write to, by themselves or through the guard's views.
    static Set<Securable.Relation> written(Examined examined) {
        var written = new HashSet<Securable.Relation>();
        examined.intended().given().forEach((on, privileges) -> {
            if (privileges.stream().anyMatch(WRITES::contains)) {
                if (on instanceof Securable.Relation relation) {
                    written.add(relation);
                } else if (on instanceof Securable.Column column) {
                    written.add(column.owner());
                }
            }
        });
        for (var guarded : examined.intended().guard().tables()) {
            if (written.remove(GuardSql.viewOf(guarded.on()))) {
                written.add(guarded.on());
            }
        }
        return written;
    }

    /// What such a view reads is told only to whoever may read that, too.
    private void view(Relation view) {
        var name = view.name().display();
        add(
                Rule.DEFINER_VIEW,
                "%s reads view %s with the rights of %s"
                        .formatted(examined.subject().agent(), name, code(view).definer()),
                List.of(examined.subject().role().value(), name, code(view).definer()),
                "information_schema.VIEWS: SECURITY_TYPE is not INVOKER; what it reads may be out of the agent's reach",
                view.view().orElseThrow().text().isEmpty()
                        ? List.of()
                        : List.of("ALTER SQL SECURITY INVOKER VIEW %s AS %s"
                                .formatted(
                                        GuardSql.name(view.name()),
                                        view.view().orElseThrow().text())));
        gone("view " + name, code(view).definer());
    }

    private void trigger(Trigger trigger) {
        var table = trigger.on().display();
        add(
                Rule.DEFINER_TRIGGER,
                "what %s writes to %s fires trigger %s, which acts with the rights of %s"
                        .formatted(examined.subject().agent(), table, trigger.name(), trigger.definer()),
                List.of(examined.subject().role().value(), table, trigger.definer()),
                "information_schema.TRIGGERS",
                List.of());
        gone("trigger " + trigger.name() + " of " + table, trigger.definer());
    }

    private void goneRoutines(Power power) {
        for (var routine : examined.tables().definerRoutines(power.held())) {
            var code = examined.tables().routines().get(routine);
            if (code != null) {
                gone(routine.display(), code.definer());
            }
        }
    }

    /// Definers are told as `user@host`; a role of MariaDB has no host.
    private void gone(String what, String definer) {
        var account = Account.of(definer);
        if (!examined.tables().accounts().containsKey(account)) {
            add(
                    Rule.DEFINER_GONE,
                    "%s has the rights of %s, and there is no such account".formatted(what, definer),
                    List.of(examined.subject().role().value(), what, definer),
                    "mysql.user has no row for it",
                    List.of("CREATE USER IF NOT EXISTS " + examined.tables().sql(account) + " ACCOUNT LOCK"));
        }
    }

    /// A table of tables, such as MERGE makes, reads them for whoever may read it.
    private void elsewhere(Relation table) {
        var engine = table.engine();
        if (!engine.isEmpty()
                && !StorageEngines.hasOwnRows(engine)
                && examined.intended().given().containsKey(table.name())) {
            add(
                    Rule.TABLE_ELSEWHERE,
                    "%s uses %s, whose rows the engine %s keeps elsewhere"
                            .formatted(examined.subject().agent(), table.name().display(), engine),
                    List.of(examined.subject().role().value(), table.name().display()),
                    "information_schema.TABLES: ENGINE",
                    List.of());
        }
    }

    private void unseenTexts() {
        var schemas = views.stream()
                .filter(view -> view.view().orElseThrow().text().isEmpty())
                .map(view -> view.name().schema())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!schemas.isEmpty()) {
            blind(
                    "the texts of views in %s are not shown to this administrator, so a change of one is not seen"
                            .formatted(String.join(", ", schemas)),
                    "information_schema.VIEWS shows them to whoever has SHOW VIEW",
                    "SHOW VIEW",
                    schemas);
        }
    }

    private void unseenTriggers() {
        var schemas = written(examined).stream()
                .filter(table -> !administrator.onTable("TRIGGER", table))
                .map(Securable.Relation::schema)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!schemas.isEmpty()) {
            blind(
                    "triggers in %s, which may fire on what %s writes, are not shown to this administrator"
                            .formatted(
                                    String.join(", ", schemas),
                                    examined.subject().agent()),
                    "information_schema.TRIGGERS shows those of tables on which one has TRIGGER",
                    "TRIGGER",
                    schemas);
        }
    }

    private void blind(String what, String evidence, String privilege, Collection<String> schemas) {
        add(
                Rule.WITNESS_BLIND,
                what,
                List.of(),
                evidence,
                schemas.stream()
                        .map(schema -> "GRANT %s ON %s.* TO %s"
                                .formatted(privilege, Sql.identifier(schemaInGrants(schema)), administrator.quoted()))
                        .toList());
    }

    private String schemaInGrants(String schema) {
        return examined.tables().patterns() ? Like.escape(schema) : schema;
    }

    private void add(Rule rule, String what, List<String> path, String evidence, List<String> mend) {
        findings.add(rule.finding(examined.agent(), what, path, evidence, mend, List.of()));
    }
}
