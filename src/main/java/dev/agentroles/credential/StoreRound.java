package dev.agentroles.credential;

import dev.agentroles.problem.Alike;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/// Work at many paths of the store, each by itself, until it has failed so often that the store is down:
/// [Readings#ENOUGH]. What has failed alike is told once, with how many were not tried.
///
/// @param <K> what the work is on
/// @param pieces that are told what failed
/// @param whose name stands for each where others are told with it
record StoreRound<K>(Tools tools, Pieces pieces, Function<K, StorePath> paths, Function<K, String> whose) {
    /// What is done at one path.
    @FunctionalInterface
    interface Work<K> {
        /// @param piece that is told what fails there
        /// @return whether it did not fail
        boolean at(Readings.Reading<K> reading, Pieces piece) throws SQLException;
    }

    /// @throws SQLException if the session is lost
    void each(Collection<K> all, Work<K> work) throws SQLException {
        int failures = 0;
        int tried = 0;
        var failed = new LinkedHashMap<String, List<Problem>>();
        var readings = new Readings<>(tools.store()::read, all, paths).iterator();
        while (failures < Readings.ENOUGH && readings.hasNext()) {
            var reading = readings.next();
            var piece = new Pieces(tools.ledger());
            failures += work.at(reading, piece) ? 0 : 1;
            tried++;
            failed.computeIfAbsent(whose.apply(reading.of()), _ -> new ArrayList<>())
                    .addAll(piece.failed());
        }
        pieces.add(Alike.once(failed, all.size() - tried));
    }
}
