-- Hand-written SQL: names, clashes and circles that the language refuses as they are.
CREATE TYPE mood AS ENUM ('', 'so-so', 'it''s; # fine', 'null');
CREATE SCHEMA "Back Office";
CREATE SCHEMA public_schema;
BEGIN;
CREATE TABLE "select" (id serial PRIMARY KEY, "from" text, "class" text, l int, "created__at" date, metadata json, "2fa" bool);
CREATE TABLE tests (id uuid PRIMARY KEY, list text[] DEFAULT '{null}', note text DEFAULT 'null');
CREATE TABLE bases (id text PRIMARY KEY DEFAULT 'x');
CREATE TABLE base_items (id bigserial PRIMARY KEY);
CREATE TABLE texts (id serial PRIMARY KEY, text text COLLATE "C" NOT NULL DEFAULT 'a''b');
CREATE TABLE "Back Office"."tblPeople" (
    "PersonID" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "BossID" bigint NOT NULL REFERENCES "Back Office"."tblPeople",
    mood mood DEFAULT 'so-so',
    "tblPeoples" int
);
CREATE TABLE people (id serial PRIMARY KEY, person int, person_id int REFERENCES people, children text);
CREATE TABLE public_schema.people (id serial PRIMARY KEY, people_id int REFERENCES people, other_id int REFERENCES people);
CREATE TABLE eggs (id serial PRIMARY KEY, hen_id int NOT NULL);
CREATE TABLE hens (id serial PRIMARY KEY, egg_id int NOT NULL REFERENCES eggs, eggs int, "end" date);
ALTER TABLE eggs ADD FOREIGN KEY (hen_id) REFERENCES hens;
CREATE TABLE people_eggs (egg_id int REFERENCES eggs ON DELETE CASCADE, person_id int REFERENCES people, PRIMARY KEY (egg_id, person_id));
CREATE TABLE profiles (person_id int PRIMARY KEY REFERENCES people ON DELETE CASCADE, id int UNIQUE, "def" jsonb, UNIQUE (def));
CREATE TABLE log (at timestamp, line text CHECK (line <> 'User name:text'));
COMMENT ON TABLE log IS 'User name:text; Post title:text <% x';
COMMENT ON COLUMN log.line IS 'As in: Post title:text';
COMMIT;
