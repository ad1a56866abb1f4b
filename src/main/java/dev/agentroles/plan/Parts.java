package dev.agentroles.plan;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Values written out as lists of texts, each value as another list. A sentence about a change will not do for
/// that: column `c` of `a.b` and table `b.c` of `a` read the same.
final class Parts {
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> kind) {
            return Stream.of(kind.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private final List<String> texts = new ArrayList<>();

    /// In the order in which they were added.
    List<String> texts() {
        return List.copyOf(texts);
    }

    void add(Object value) {
        switch (value) {
            case Record whole -> addWhole(whole);
            case Optional<?> some -> addAll(some.stream().toList());
            case Collection<?> all -> addAll(all);
            default -> texts.add(value.toString());
        }
    }

    /// The kind says how many components follow.
    private void addWhole(Record whole) {
        texts.add(whole.getClass().getName());
        for (var accessor : ACCESSORS.get(whole.getClass())) {
            try {
                add(accessor.invoke(whole));
            } catch (ReflectiveOperationException impossible) {
                throw new LinkageError("what a change is made of is public", impossible);
            }
        }
    }

    /// No order of a change's parts means anything.
    private void addAll(Collection<?> all) {
        texts.add(Integer.toString(all.size()));
        all.stream().sorted(Comparator.comparing(Object::toString)).forEach(this::add);
    }
}
