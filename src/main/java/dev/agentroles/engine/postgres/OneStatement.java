package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Said;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.jdbc.PgConnection;

/// Sends a text as it is, as one command of the extended protocol: of several the server refuses all (manual,
/// 54.2.3). The driver's statements would split it at semicolons as they read them, and make one of two question
/// marks.
final class OneStatement {
    private static final int FLAGS = QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_NO_RESULTS;

    private static final int[] NO_PARAMETERS = {};

    private OneStatement() {}

    /// @return what the server remarked
    static List<String> run(Connection connection, String sql) throws SQLException {
        var remarks = new ArrayList<String>();
        // The driver begins a transaction before it, if there is to be one.
        int flags = connection.getAutoCommit() ? FLAGS | QueryExecutor.QUERY_SUPPRESS_BEGIN : FLAGS;
        var executor = connection.unwrap(PgConnection.class).getQueryExecutor();
        var query = executor.wrap(List.of(new NativeQuery(sql, NO_PARAMETERS, false, SqlCommand.BLANK)));
        try {
            executor.execute(query, null, new Remarks(remarks), 0, 0, flags);
        } finally {
            query.close();
        }
        return List.copyOf(remarks);
    }

    private static final class Remarks extends ResultHandlerBase {
        private final List<String> remarks;

        Remarks(List<String> remarks) {
            this.remarks = remarks;
        }

        @Override
        public void handleWarning(SQLWarning warning) {
            remarks.add(Said.firstLine(warning));
        }
    }
}
