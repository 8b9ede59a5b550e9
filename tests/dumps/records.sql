--
-- PostgreSQL database dump
--

\restrict qX4kDe9VtGh2PqR7mWb1ZsL8

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: Album; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Album" (
    "AlbumId" integer NOT NULL,
    "Title" character varying(160) NOT NULL,
    "ArtistId" integer NOT NULL
);


ALTER TABLE public."Album" OWNER TO postgres;

--
-- Name: Artist; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Artist" (
    "ArtistId" integer NOT NULL,
    "Name" character varying(120)
);


ALTER TABLE public."Artist" OWNER TO postgres;

--
-- Name: Customer; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Customer" (
    "CustomerId" integer NOT NULL,
    "Email" character varying(60) NOT NULL,
    "SupportRepId" integer
);


ALTER TABLE public."Customer" OWNER TO postgres;

--
-- Name: Employee; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Employee" (
    "EmployeeId" integer NOT NULL,
    "LastName" character varying(20) NOT NULL,
    "ReportsTo" integer,
    "HireDate" timestamp without time zone
);


ALTER TABLE public."Employee" OWNER TO postgres;

--
-- Name: Invoice; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Invoice" (
    "InvoiceId" integer NOT NULL,
    "CustomerId" integer NOT NULL,
    "InvoiceDate" timestamp without time zone NOT NULL,
    "Total" numeric(10,2) NOT NULL
);


ALTER TABLE public."Invoice" OWNER TO postgres;

--
-- Name: MediaType; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."MediaType" (
    "MediaTypeId" integer NOT NULL,
    "Name" character varying(120)
);


ALTER TABLE public."MediaType" OWNER TO postgres;

--
-- Name: Playlist; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Playlist" (
    "PlaylistId" integer NOT NULL,
    "Name" character varying(120)
);


ALTER TABLE public."Playlist" OWNER TO postgres;

--
-- Name: PlaylistSong; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."PlaylistSong" (
    "PlaylistId" integer NOT NULL,
    "SongId" integer NOT NULL
);


ALTER TABLE public."PlaylistSong" OWNER TO postgres;

--
-- Name: Song; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Song" (
    "SongId" integer NOT NULL,
    "Name" character varying(200) NOT NULL,
    "AlbumId" integer,
    "MediaTypeId" integer NOT NULL,
    "Composer" character varying(220),
    "Milliseconds" integer NOT NULL,
    "UnitPrice" numeric(10,2) NOT NULL
);


ALTER TABLE public."Song" OWNER TO postgres;

--
-- Data for Name: Album; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Album" ("AlbumId", "Title", "ArtistId") FROM stdin;
\.


--
-- Data for Name: Artist; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Artist" ("ArtistId", "Name") FROM stdin;
1	Accept; "the" band
\.


--
-- Data for Name: Customer; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Customer" ("CustomerId", "Email", "SupportRepId") FROM stdin;
\.


--
-- Data for Name: Employee; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Employee" ("EmployeeId", "LastName", "ReportsTo", "HireDate") FROM stdin;
\.


--
-- Data for Name: Invoice; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Invoice" ("InvoiceId", "CustomerId", "InvoiceDate", "Total") FROM stdin;
\.


--
-- Data for Name: MediaType; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."MediaType" ("MediaTypeId", "Name") FROM stdin;
\.


--
-- Data for Name: Playlist; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Playlist" ("PlaylistId", "Name") FROM stdin;
\.


--
-- Data for Name: PlaylistSong; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."PlaylistSong" ("PlaylistId", "SongId") FROM stdin;
\.


--
-- Data for Name: Song; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Song" ("SongId", "Name", "AlbumId", "MediaTypeId", "Composer", "Milliseconds", "UnitPrice") FROM stdin;
\.


--
-- Name: Album PK_Album; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Album"
    ADD CONSTRAINT "PK_Album" PRIMARY KEY ("AlbumId");


--
-- Name: Artist PK_Artist; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Artist"
    ADD CONSTRAINT "PK_Artist" PRIMARY KEY ("ArtistId");


--
-- Name: Customer PK_Customer; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Customer"
    ADD CONSTRAINT "PK_Customer" PRIMARY KEY ("CustomerId");


--
-- Name: Employee PK_Employee; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Employee"
    ADD CONSTRAINT "PK_Employee" PRIMARY KEY ("EmployeeId");


--
-- Name: Invoice PK_Invoice; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Invoice"
    ADD CONSTRAINT "PK_Invoice" PRIMARY KEY ("InvoiceId");


--
-- Name: MediaType PK_MediaType; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."MediaType"
    ADD CONSTRAINT "PK_MediaType" PRIMARY KEY ("MediaTypeId");


--
-- Name: Playlist PK_Playlist; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Playlist"
    ADD CONSTRAINT "PK_Playlist" PRIMARY KEY ("PlaylistId");


--
-- Name: PlaylistSong PK_PlaylistSong; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."PlaylistSong"
    ADD CONSTRAINT "PK_PlaylistSong" PRIMARY KEY ("PlaylistId", "SongId");


--
-- Name: Song PK_Song; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Song"
    ADD CONSTRAINT "PK_Song" PRIMARY KEY ("SongId");


--
-- Name: IFK_AlbumArtistId; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "IFK_AlbumArtistId" ON public."Album" USING btree ("ArtistId");


--
-- Name: IFK_PlaylistSongSongId; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "IFK_PlaylistSongSongId" ON public."PlaylistSong" USING btree ("SongId");


--
-- Name: IFK_SongAlbumId; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "IFK_SongAlbumId" ON public."Song" USING btree ("AlbumId");


--
-- Name: IFK_SongMediaTypeId; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "IFK_SongMediaTypeId" ON public."Song" USING btree ("MediaTypeId");


--
-- Name: Customer Customer_SupportRepId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Customer"
    ADD CONSTRAINT "Customer_SupportRepId_fkey" FOREIGN KEY ("SupportRepId") REFERENCES public."Employee"("EmployeeId");


--
-- Name: Employee Employee_ReportsTo_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Employee"
    ADD CONSTRAINT "Employee_ReportsTo_fkey" FOREIGN KEY ("ReportsTo") REFERENCES public."Employee"("EmployeeId");


--
-- Name: Album FK_AlbumArtistId; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Album"
    ADD CONSTRAINT "FK_AlbumArtistId" FOREIGN KEY ("ArtistId") REFERENCES public."Artist"("ArtistId");


--
-- Name: Invoice Invoice_CustomerId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Invoice"
    ADD CONSTRAINT "Invoice_CustomerId_fkey" FOREIGN KEY ("CustomerId") REFERENCES public."Customer"("CustomerId");


--
-- Name: PlaylistSong PlaylistSong_PlaylistId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."PlaylistSong"
    ADD CONSTRAINT "PlaylistSong_PlaylistId_fkey" FOREIGN KEY ("PlaylistId") REFERENCES public."Playlist"("PlaylistId");


--
-- Name: PlaylistSong PlaylistSong_SongId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."PlaylistSong"
    ADD CONSTRAINT "PlaylistSong_SongId_fkey" FOREIGN KEY ("SongId") REFERENCES public."Song"("SongId");


--
-- Name: Song Song_AlbumId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Song"
    ADD CONSTRAINT "Song_AlbumId_fkey" FOREIGN KEY ("AlbumId") REFERENCES public."Album"("AlbumId");


--
-- Name: Song Song_MediaTypeId_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Song"
    ADD CONSTRAINT "Song_MediaTypeId_fkey" FOREIGN KEY ("MediaTypeId") REFERENCES public."MediaType"("MediaTypeId");


--
-- PostgreSQL database dump complete
--

\unrestrict qX4kDe9VtGh2PqR7mWb1ZsL8

