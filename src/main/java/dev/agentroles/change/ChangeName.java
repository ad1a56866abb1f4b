package dev.agentroles.change;

import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.profile.Profile;
import java.util.regex.Pattern;

/// How people name a change request: `shop/12`, or `12` where a profile has one database only.
public record ChangeName(Profile.DatabaseEntry entry, long id) {
    private static final Pattern FORM = Pattern.compile("(?:(?<database>.+)/)?(?<id>[1-9][0-9]{0,17})");

    /// @throws Failure if it names none
    public static ChangeName of(Profile profile, String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw Failure.usage(Problem.of("\"" + text + "\" is no change request")
                    .remedy("name it as agentroles change list " + Shell.word(profile.source())
                            + " does: DATABASE/NUMBER"));
        }
        var id = Long.parseLong(match.group("id"));
        var database = match.group("database");
        if (database == null) {
            if (profile.databases().size() > 1) {
                throw Failure.usage(
                        Problem.of(profile.source() + " has several databases").remedy("say which: DATABASE/" + id));
            }
            return new ChangeName(profile.databases().values().iterator().next(), id);
        }
        var entry = profile.databases().get(database);
        if (entry == null) {
            var names = profile.databases().keySet();
            throw Failure.usage(Problem.of(profile.source() + " has no database \"" + database + "\"")
                    .remedy(Nearest.question(database, names).orElse("it has " + String.join(", ", names))));
        }
        return new ChangeName(entry, id);
    }
}
