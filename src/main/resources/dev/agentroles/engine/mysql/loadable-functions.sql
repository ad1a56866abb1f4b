-- One row a function that was loaded from a library (CREATE FUNCTION ... SONAME). It is of no database, and the server asks
-- nobody for a right to call it.
SELECT f.name AS name, f.dl AS library_file
  FROM mysql.func AS f
 ORDER BY 1
