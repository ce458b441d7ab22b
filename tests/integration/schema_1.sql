PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, visit_id TEXT NOT NULL REFERENCES visit,
    kind TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
INSERT INTO "event" VALUES(1,'booked','VisitBooked','{"at":"2026-11-21T12:00:00+00:00","actor":"operator","role":"operator"}');
INSERT INTO "event" VALUES(2,'running','VisitBooked','{"at":"2026-11-21T12:00:00+00:00","actor":"operator","role":"operator"}');
INSERT INTO "event" VALUES(3,'running','VisitOpened','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"clock","role":"clock"}');
INSERT INTO "event" VALUES(4,'running','ParticipantArrived','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(5,'running','ConnectionRestored','{"at":"2026-11-22T12:00:02.000500+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(6,'running','ParticipantWaiting','{"at":"2026-11-22T12:00:03.000750+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(7,'running','VisitStarted','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider"}');
INSERT INTO "event" VALUES(8,'running','ParticipantAdmitted','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider","participant":"patient"}');
INSERT INTO "event" VALUES(9,'running','ParticipantEntered','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider","participant":"provider"}');
INSERT INTO "event" VALUES(10,'running','DeviceReplaced','{"at":"2026-11-22T12:00:05.001250+00:00","actor":"patient","role":"patient","participant":"patient","old_session":"phone"}');
INSERT INTO "event" VALUES(11,'ended','VisitBooked','{"at":"2026-11-21T12:00:00+00:00","actor":"operator","role":"operator"}');
INSERT INTO "event" VALUES(12,'ended','VisitOpened','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"clock","role":"clock"}');
INSERT INTO "event" VALUES(13,'ended','ParticipantArrived','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(14,'ended','ConnectionRestored','{"at":"2026-11-22T12:00:02.000500+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(15,'ended','ParticipantWaiting','{"at":"2026-11-22T12:00:03.000750+00:00","actor":"patient","role":"patient","participant":"patient"}');
INSERT INTO "event" VALUES(16,'ended','VisitStarted','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider"}');
INSERT INTO "event" VALUES(17,'ended','ParticipantAdmitted','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider","participant":"patient"}');
INSERT INTO "event" VALUES(18,'ended','ParticipantEntered','{"at":"2026-11-22T12:00:04.001000+00:00","actor":"provider","role":"provider","participant":"provider"}');
INSERT INTO "event" VALUES(19,'ended','VisitEnded','{"at":"2026-11-22T12:00:05.001250+00:00","actor":"provider","role":"provider","reason":"staff"}');
INSERT INTO "event" VALUES(20,'cancelled','VisitBooked','{"at":"2026-11-21T12:00:00+00:00","actor":"operator","role":"operator"}');
INSERT INTO "event" VALUES(21,'cancelled','VisitOpened','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"clock","role":"clock"}');
INSERT INTO "event" VALUES(22,'cancelled','VisitCancelled','{"at":"2026-11-22T12:00:01.000250+00:00","actor":"desk","role":"front_desk"}');
CREATE TABLE invitation (code_hash TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES visit, participant_id TEXT NOT NULL) STRICT;
INSERT INTO "invitation" VALUES('hash-booked','booked','patient');
INSERT INTO "invitation" VALUES('hash-running','running','patient');
INSERT INTO "invitation" VALUES('hash-ended','ended','patient');
INSERT INTO "invitation" VALUES('hash-cancelled','cancelled','patient');
CREATE TABLE staff (
    id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL) STRICT;
INSERT INTO "staff" VALUES('provider','sample.provider','Dr. Sample Provider','provider','argon2-hash',0);
INSERT INTO "staff" VALUES('desk','sample.desk','Sample Front Desk','front_desk','argon2-hash-2',1);
CREATE TABLE visit (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, live INTEGER NOT NULL, starts_at REAL NOT NULL,
    deadline REAL, state TEXT NOT NULL) STRICT;
INSERT INTO "visit" VALUES('booked',1,1,1795435200.0,1795433400.0,'{"id":"booked","provider_id":"provider","provider_name":"Dr. Sample Provider","reason":"Follow-up é","starts_at":"2026-11-23T12:00:00Z","ends_at":"2026-11-23T12:30:00Z","opens_at":"2026-11-23T11:30:00Z","expires_at":"2026-11-23T13:30:00Z","grace":"PT10M","phase":"booked","participants":[{"id":"patient","role":"patient","name":"Sample Patient","phase":"invited","session":null,"arrived_at":null,"waiting_since":null,"admitted_at":null,"admitted_by":null,"left_at":null,"lost_at":null}],"started_at":null,"ended_at":null}');
INSERT INTO "visit" VALUES('running',7,1,1795348800.0,1795349405.00125,'{"id":"running","provider_id":"provider","provider_name":"Dr. Sample Provider","reason":"Follow-up é","starts_at":"2026-11-22T12:00:00Z","ends_at":"2026-11-22T12:30:00Z","opens_at":"2026-11-22T11:30:00Z","expires_at":"2026-11-22T13:30:00Z","grace":"PT10M","phase":"in_progress","participants":[{"id":"patient","role":"patient","name":"Sample Patient","phase":"in_visit","session":"tablet","arrived_at":"2026-11-22T12:00:01.000250Z","waiting_since":"2026-11-22T12:00:03.000750Z","admitted_at":"2026-11-22T12:00:04.001000Z","admitted_by":"provider","left_at":null,"lost_at":"2026-11-22T12:00:05.001250Z"},{"id":"provider","role":"provider","name":"Dr. Sample Provider","phase":"in_visit","session":"window","arrived_at":"2026-11-22T12:00:04.001000Z","waiting_since":null,"admitted_at":"2026-11-22T12:00:04.001000Z","admitted_by":null,"left_at":null,"lost_at":null}],"started_at":"2026-11-22T12:00:04.001000Z","ended_at":null}');
INSERT INTO "visit" VALUES('ended',6,0,1795348800.0,NULL,'{"id":"ended","provider_id":"provider","provider_name":"Dr. Sample Provider","reason":"Follow-up é","starts_at":"2026-11-22T12:00:00Z","ends_at":"2026-11-22T12:30:00Z","opens_at":"2026-11-22T11:30:00Z","expires_at":"2026-11-22T13:30:00Z","grace":"PT10M","phase":"ended","participants":[{"id":"patient","role":"patient","name":"Sample Patient","phase":"left","session":"phone","arrived_at":"2026-11-22T12:00:01.000250Z","waiting_since":"2026-11-22T12:00:03.000750Z","admitted_at":"2026-11-22T12:00:04.001000Z","admitted_by":"provider","left_at":"2026-11-22T12:00:05.001250Z","lost_at":null},{"id":"provider","role":"provider","name":"Dr. Sample Provider","phase":"left","session":"window","arrived_at":"2026-11-22T12:00:04.001000Z","waiting_since":null,"admitted_at":"2026-11-22T12:00:04.001000Z","admitted_by":null,"left_at":"2026-11-22T12:00:05.001250Z","lost_at":null}],"started_at":"2026-11-22T12:00:04.001000Z","ended_at":"2026-11-22T12:00:05.001250Z"}');
INSERT INTO "visit" VALUES('cancelled',2,0,1795348800.0,NULL,'{"id":"cancelled","provider_id":"provider","provider_name":"Dr. Sample Provider","reason":"Follow-up é","starts_at":"2026-11-22T12:00:00Z","ends_at":"2026-11-22T12:30:00Z","opens_at":"2026-11-22T11:30:00Z","expires_at":"2026-11-22T13:30:00Z","grace":"PT10M","phase":"cancelled","participants":[{"id":"patient","role":"patient","name":"Sample Patient","phase":"invited","session":null,"arrived_at":null,"waiting_since":null,"admitted_at":null,"admitted_by":null,"left_at":null,"lost_at":null}],"started_at":null,"ended_at":"2026-11-22T12:00:01.000250Z"}');
CREATE INDEX visit_live ON visit (live, starts_at);
CREATE INDEX visit_deadline ON visit (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX event_visit ON event (visit_id, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('event',22);
COMMIT;
