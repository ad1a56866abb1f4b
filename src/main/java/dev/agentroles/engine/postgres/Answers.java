package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one session was told by the catalogs. Subjects that hold the same objects are told the same of them, and the
/// database is one for all: while many are examined one after the other, nothing of that is asked twice.
final class Answers {
    /// Rows and parameters that are kept for later: some forty MB. What was not asked for longest is asked again.
    private static final int MOST = 200_000;

    private final Connection connection;
    private final int most;
    private final Map<Question, List<?>> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Class<?>, Object> facts = new HashMap<>();
    private boolean keeping;
    private int kept;

    Answers(Connection connection) {
        this(connection, MOST);
    }

    /// @param most rows and parameters to keep
    Answers(Connection connection, int most) {
        this.connection = connection;
        this.most = most;
    }

    /// Names or oids that a query asks about.
    ///
    /// @param type of each, as the server calls it
    record Parameter(String type, List<?> values) {
        /// In their order, so that the same oids are the same question.
        static Parameter oids(Collection<Long> oids) {
            return new Parameter("oid", oids.stream().sorted().toList());
        }

        static Parameter names(Collection<String> names) {
            return new Parameter("name", names.stream().sorted().toList());
        }
    }

    private record Question(String resource, List<Parameter> parameters) {
        int weight() {
            return parameters.stream()
                    .mapToInt(parameter -> parameter.values().size())
                    .sum();
        }
    }

    /// Reads what is the same for every subject.
    ///
    /// @param <T> what is made of it
    @FunctionalInterface
    interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    /// From now on answers are kept, and those of before are not.
    void keep() {
        forget();
        keeping = true;
    }

    /// What was read may have gone since: it is read again.
    void forget() {
        known.clear();
        facts.clear();
        kept = 0;
    }

    Connection connection() {
        return connection;
    }

    /// @param type of what is the same for every subject: there is one of it
    <T> T fact(Class<T> type, Reading<T> reading) throws SQLException {
        var fact = type.cast(facts.get(type));
        if (fact == null) {
            fact = reading.read(connection);
            if (keeping) {
                facts.put(type, fact);
            }
        }
        return fact;
    }

    /// Asks about objects.
    ///
    /// @param resource a query beside this class, which always becomes rows of the same type
    /// @param reader must make the same of a row, whoever asks
    // By that, what is known of a resource is of the type that is asked for.
    @SuppressWarnings("unchecked")
    <T> List<T> to(String resource, Rows.Reader<T> reader, Parameter... parameters) throws SQLException {
        var question = new Question(resource, List.of(parameters));
        var answer = (List<T>) known.get(question);
        if (answer == null) {
            answer = anew(resource, reader, parameters);
            if (keeping) {
                keep(question, answer);
            }
        }
        return answer;
    }

    /// The same for a question that no other subject asks.
    <T> List<T> anew(String resource, Rows.Reader<T> reader, Parameter... parameters) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource(resource),
                query -> {
                    int place = 1;
                    for (var parameter : parameters) {
                        query.setArray(
                                place++,
                                connection.createArrayOf(
                                        parameter.type(), parameter.values().toArray()));
                    }
                },
                reader);
    }

    private void keep(Question question, List<?> answer) {
        known.put(question, answer);
        kept += question.weight() + answer.size();
        var eldest = known.entrySet().iterator();
        while (kept > most) {
            var gone = eldest.next();
            kept -= gone.getKey().weight() + gone.getValue().size();
            eldest.remove();
        }
    }
}
