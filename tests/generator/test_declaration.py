"""Test the declaration language: what it accepts, what it refuses in which words, and random input."""

import ast
import itertools
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cookiecutter.environment import StrictEnvironment
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter
from jinja2 import FileSystemLoader

from generator import answers, first_page, seeds, synonyms
from generator.model import DELETE_RULES, FLAGS, Field, Model, cut
from generator.reserved import MODELS, free_model
from generator.scalars import TYPES
from tests.support.bake import ROOT, TEMPLATE
from tests.support.declarations import DECLARATIONS

ANSWERS = json.loads((ROOT / "cookiecutter.json").read_text())

# Refused

ORDER = (
    "the order is name:type(arguments)[]?=default:flags,"
    " and a value with any character but A-Z a-z 0-9 _ . + - needs quotes"
)
KEYS = "id:integer, id:bigint, id:uuid=uuid or id:string(26)"
# A declaration, with Python's escapes, and the whole message.  ORDER and KEYS stand for the texts above.
ERRORS = r"""
== the text
Tag a:text='b  =>  models:1:12: this quote is not closed on its line; a quote inside is written ''
Tag a:text='it''s  =>  models:1:16: this quote is not closed on its line; a quote inside is written ''
Tag a:text='it's'  =>  models:1:17: this quote is not closed on its line; a quote inside is written ''
Tag a:text=b\x07  =>  models:1:5: 'a:text=b\x07' has U+0007, which cannot be printed: remove it
Tag a:\ud800  =>  models:1:5: 'a:\ud800' has U+D800, which cannot be printed: remove it
Tag a:text='\u3000'  =>  models:1:5: "a:text='\u3000'" has U+3000, which cannot be printed: remove it
Tag a:text='b\tc'  =>  models:1:5: "a:text='b\tc'" has U+0009, which cannot be printed: remove it

== a model
tag a:text  =>  models:1:1: model 'tag' must match [A-Z][A-Za-z0-9]*, with at most 63 characters, did you mean 'Tag'?
Blog_Post  =>  models:1:1: model 'Blog_Post' must match [A-Z][A-Za-z0-9]*, with at most 63 characters, did you mean 'BlogPost'?
Café  =>  models:1:1: model 'Café' must match [A-Z][A-Za-z0-9]*, with at most 63 characters
users.User.Name  =>  models:1:1: 'users.User.Name' is not a model: write schema.Model, Model or Model(table)
.User  =>  models:1:1: '.User' is not a model: write schema.Model, Model or Model(table)
User()  =>  models:1:1: 'User()' is not a model: write schema.Model, Model or Model(table)
User (people)  =>  models:1:6: '(people)' is not a field: write name:type
User(a,b)  =>  models:1:1: 'User(a,b)' is not a model: write schema.Model, Model or Model(table)
User:text  =>  models:1:1: 'User:text' is not a model: write schema.Model, Model or Model(table)
unique(a,b)  =>  models:1:1: 'unique(a,b)' is not a model: write schema.Model, Model or Model(table)
Tag; Tag  =>  models:1:6: model 'Tag' is declared twice: rename one, even if their schemas differ
a.Tag; b.Tag  =>  models:1:8: model 'Tag' is declared twice: rename one, even if their schemas differ
AB1; Ab1  =>  models:1:6: Ab1 and AB1 share the file ab1.py: rename one
a.AB1; b.Ab1  =>  models:1:8: Ab1 and AB1 share the file ab1.py: rename one
AB1(x); Ab1(y) t:AB1[]  =>  models:1:9: Ab1 and AB1 share the file ab1.py: rename one
Shop.Tag  =>  models:1:1: schema 'Shop' must match [a-z][a-z0-9_]*, without __
a__b.Tag  =>  models:1:1: schema 'a__b' must match [a-z][a-z0-9_]*, without __
A b:text  =>  models:1:1: table 'as' is a Python keyword: name the table, as in A(name)
Tag(Tags)  =>  models:1:1: table 'Tags' must match [a-z][a-z0-9_]*, without __
Tag(tägs)  =>  models:1:1: table 'tägs' must match [a-z][a-z0-9_]*, without __

== a field
Tag title  =>  models:1:5: 'title' is not a field: write title:text, or another type
Tag title:  =>  models:1:5: 'title:' is not a field: write name:type, without a space
Tag title: text  =>  models:1:5: 'title: text' has a space in it: write title:text
Tag title :text  =>  models:1:5: 'title :text' has a space in it: write title:text
Tag title:text,body:text  =>  models:1:5: ',body:text' is out of place in 'title:text,body:text': ORDER
Tag 1a:text  =>  models:1:5: field '1a' must match [a-z][a-z0-9_]*, without __
Tag Title:text  =>  models:1:5: field 'Title' must match [a-z][a-z0-9_]*, without __: write title:text
Tag a__b:text  =>  models:1:5: field 'a__b' must match [a-z][a-z0-9_]*, without __: write a_b:text
Tag é:text  =>  models:1:5: field 'é' must match [a-z][a-z0-9_]*, without __
Tag b:text b:text  =>  models:1:12: 'b:text' and 'b:text' both define 'b' in Tag: rename one
Tag; Post tag:Tag tag_id:integer  =>  models:1:19: 'tag_id:integer' and 'tag:Tag' both define 'tag_id' in Post: rename one
Tag; Post tag_id:integer tag:Tag  =>  models:1:26: 'tag:Tag' and 'tag_id:integer' both define 'tag_id' in Post: rename one
Tag; Post a_:Tag  =>  models:1:11: column 'a__id' must match [a-z][a-z0-9_]*, without __
Tag; Post pg:Tag  =>  models:1:11: column 'pg_id' starts with pg_, which PostgreSQL reserves: choose another name

== order and what is left over
Tag a:text:unique?  =>  models:1:5: '?' is out of place in 'a:text:unique?': write a:text?:unique
Tag a:text?[]  =>  models:1:5: '[]' is out of place in 'a:text?[]': write a:text[]?
Tag a:text[][]  =>  models:1:5: 'a:text[][]' has two arrays: write a:text[]
Tag a:text=  =>  models:1:5: '=' is out of place in 'a:text=': ORDER
Tag a:text:  =>  models:1:5: ':' is out of place in 'a:text:': ORDER
Tag a:text="b"  =>  models:1:5: the default '"b"' in 'a:text="b"' has the wrong quotes: write a:text=b
Tag a:text=é  =>  models:1:5: the default 'é' in 'a:text=é' needs quotes: write a:text='é'
Tag a:text=b|c  =>  models:1:5: the default 'b|c' in 'a:text=b|c' needs quotes: write a:text='b|c'
Tag a:text='b'c  =>  models:1:5: 'c' is out of place in "a:text='b'c": ORDER
Tag a:text unique  =>  models:1:5: 'a:text unique' is not a field: write a:text:unique
Tag a:text = b  =>  models:1:5: 'a:text = b' has a space in it: write a:text=b
Tag a:string(64 b:text  =>  models:1:5: the bracket in 'a:string(64' is not closed: ; and # inside go in quotes
Tag a:string 64)  =>  models:1:14: '64)' is not a field: write name:type
Tag a:enum(a;b)  =>  models:1:5: the bracket in 'a:enum(a' is not closed: ; and # inside go in quotes

== types
Tag b:strin  =>  models:1:5: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
Tag b:int  =>  models:1:5: type 'int' in 'b:int' is unknown: write b:integer
Tag b:varchar(5)  =>  models:1:5: type 'varchar' in 'b:varchar(5)' is unknown: write b:string(5)
Tag b:Text  =>  models:1:5: type 'Text' in 'b:Text' is unknown: write b:text
Tag b:STRING  =>  models:1:5: type 'STRING' in 'b:STRING' is unknown: write b:string
Tag b:timestamptz  =>  models:1:5: type 'timestamptz' in 'b:timestamptz' is unknown: write b:datetime
Tag b:jsonb  =>  models:1:5: type 'jsonb' in 'b:jsonb' is unknown: write b:json
Tag b:enums(a|b)  =>  models:1:5: type 'enums' in 'b:enums(a|b)' is unknown, did you mean 'enum'?
Tag b:strin(|)  =>  models:1:5: type 'strin' in 'b:strin(|)' is unknown, did you mean 'string'?
Tag b:public.text  =>  models:1:5: model 'public.text' in 'b:public.text' is not declared

== arguments
Tag b:string()  =>  models:1:5: 'b:string()' has wrong arguments: write string(length)
Tag b:string(a)  =>  models:1:5: 'b:string(a)' has wrong arguments: write string(length)
Tag b:string(-1)  =>  models:1:5: 'b:string(-1)' has wrong arguments: write string(length)
Tag b:string(1,2)  =>  models:1:5: 'b:string(1,2)' has wrong arguments: write string(length)
Tag b:string(0)  =>  models:1:5: 'b:string(0)' has an invalid length: PostgreSQL allows 1 to 10485760
Tag b:string(10485761)  =>  models:1:5: 'b:string(10485761)' has an invalid length: PostgreSQL allows 1 to 10485760
Tag b:string(999999999)  =>  models:1:5: 'b:string(999999999)' has wrong arguments: write string(length)
Tag b:numeric()  =>  models:1:5: 'b:numeric()' has wrong arguments: write numeric(precision, scale)
Tag b:numeric(0)  =>  models:1:5: 'b:numeric(0)' has an invalid precision or scale: write a precision of 1 to 1000 and no larger scale
Tag b:numeric(1001)  =>  models:1:5: 'b:numeric(1001)' has an invalid precision or scale: write a precision of 1 to 1000 and no larger scale
Tag b:numeric(5,9)  =>  models:1:5: 'b:numeric(5,9)' has an invalid precision or scale: write a precision of 1 to 1000 and no larger scale
Tag b:numeric(5,-2)  =>  models:1:5: 'b:numeric(5,-2)' has wrong arguments: write numeric(precision, scale)
Tag b:numeric(9.2)  =>  models:1:5: 'b:numeric(9.2)' has wrong arguments: write numeric(precision, scale)
Tag b:numeric(1,2,3)  =>  models:1:5: 'b:numeric(1,2,3)' has wrong arguments: write numeric(precision, scale)
Tag b:string(064)  =>  models:1:5: 'b:string(064)' has wrong arguments: write string(length)
Tag b:numeric(5,00)  =>  models:1:5: 'b:numeric(5,00)' has wrong arguments: write numeric(precision, scale)
Tag b:text(3)  =>  models:1:5: 'b:text(3)' has wrong arguments: write text, which takes no arguments
Tag b:json(1)  =>  models:1:5: 'b:json(1)' has wrong arguments: write json, which takes no arguments
Tag b:enum  =>  models:1:5: 'b:enum' has wrong arguments: write enum(value|value), each value once
Tag b:enum()  =>  models:1:5: 'b:enum()' has wrong arguments: write enum(value|value), each value once
Tag b:enum(a,b)  =>  models:1:5: | separates the values in 'b:enum(a,b)': write b:enum(a|b)
Tag b:enum(a|a)  =>  models:1:5: 'b:enum(a|a)' has wrong arguments: write enum(value|value), each value once
Tag b:enum(a|)  =>  models:1:5: 'b:enum(a|)' has wrong arguments: write enum(value|value), each value once
Tag b:enum(a b)  =>  models:1:5: | separates the values in 'b:enum(a b)': write b:enum(a|b)
Tag b:enum(é)  =>  models:1:5: a value in 'b:enum(é)' needs the quotes '...': write b:enum('é')
Tag b:enum(a)[]  =>  models:1:5: 'b:enum(a)[]' is not possible: there are no arrays of enum: write b:string[]
Tag b:json[]  =>  models:1:5: 'b:json[]' is not possible: there are no arrays of json: write b:json
Tag a:text unique(id)  =>  models:1:12: 'unique(id)' has no use, since a key is unique: leave it out
Tag b:json:unique  =>  models:1:5: 'b:json:unique' cannot be unique, since no such index can search json: leave out unique, or write index for a GIN index
Tag a:text b:json index(a,b)  =>  models:1:19: 'b' in 'index(a,b)' is json, which no such index can search: leave it out, or write b:json:index for a GIN index of its own

== defaults
Tag b:string(3)=four  =>  models:1:5: 'b:string(3)=four' has a default that does not fit: write text that is no longer than the column
Tag b:string(2)=now  =>  models:1:5: 'b:string(2)=now' has a default that does not fit: write text that is no longer than the column
Tag b:smallint=32768  =>  models:1:5: 'b:smallint=32768' has a default that does not fit: write a whole number from -32768 to 32767
Tag b:smallint=-32769  =>  models:1:5: 'b:smallint=-32769' has a default that does not fit: write a whole number from -32768 to 32767
Tag b:integer=2147483648  =>  models:1:5: 'b:integer=2147483648' has a default that does not fit: write a whole number from -2147483648 to 2147483647
Tag b:integer=1.5  =>  models:1:5: 'b:integer=1.5' has a default that does not fit: write a whole number from -2147483648 to 2147483647
Tag b:integer=now  =>  models:1:5: 'b:integer=now' has a default that does not fit: write a whole number from -2147483648 to 2147483647
Tag b:integer='1 '  =>  models:1:5: "b:integer='1 '" has a default that does not fit: write a whole number from -2147483648 to 2147483647
Tag b:bigint=9223372036854775808  =>  models:1:5: 'b:bigint=9223372036854775808' has a default that does not fit: write a whole number from -9223372036854775808 to 9223372036854775807
Tag b:bigint=-9223372036854775809  =>  models:1:5: 'b:bigint=-9223372036854775809' has a default that does not fit: write a whole number from -9223372036854775808 to 9223372036854775807
Tag b:float=1e309  =>  models:1:5: 'b:float=1e309' has a default that does not fit: write a number, as in 0.5 or 1e-9
Tag b:float=1e-400  =>  models:1:5: 'b:float=1e-400' has a default that does not fit: write a number, as in 0.5 or 1e-9
Tag b:float=.5  =>  models:1:5: 'b:float=.5' has a default that does not fit: write a number, as in 0.5 or 1e-9
Tag b:numeric(3,1)=100  =>  models:1:5: 'b:numeric(3,1)=100' has a default that does not fit: write a decimal number with no more digits than the column
Tag b:numeric(3,1)=1.55  =>  models:1:5: 'b:numeric(3,1)=1.55' has a default that does not fit: write a decimal number with no more digits than the column
Tag b:numeric(3)=1.5  =>  models:1:5: 'b:numeric(3)=1.5' has a default that does not fit: write a decimal number with no more digits than the column
Tag b:numeric=1e5  =>  models:1:5: 'b:numeric=1e5' has a default that does not fit: write a decimal number with no more digits than the column
Tag b:numeric=NaN  =>  models:1:5: 'b:numeric=NaN' has a default that does not fit: write a decimal number with no more digits than the column
Tag b:boolean=yes  =>  models:1:5: the default 'yes' in 'b:boolean=yes' is written differently here: write b:boolean=true
Tag b:date=2026-02-30  =>  models:1:5: 'b:date=2026-02-30' has a default that does not fit: write now, or a date that exists, as in 2026-01-31
Tag b:date=31.01.2026  =>  models:1:5: 'b:date=31.01.2026' has a default that does not fit: write now, or a date that exists, as in 2026-01-31
Tag b:date=0001-01-01  =>  models:1:5: 'b:date=0001-01-01' has a default that does not fit: write now, or a date that exists, as in 2026-01-31
Tag b:date=today  =>  models:1:5: the default 'today' in 'b:date=today' is written differently here: write b:date=now
Tag b:time='24:00'  =>  models:1:5: "b:time='24:00'" has a default that does not fit: write now, or a time as in '23:59'
Tag b:time='12:60'  =>  models:1:5: "b:time='12:60'" has a default that does not fit: write now, or a time as in '23:59'
Tag b:time=noon  =>  models:1:5: 'b:time=noon' has a default that does not fit: write now, or a time as in '23:59'
Tag b:datetime='2026-01-31 23:59'  =>  models:1:5: "b:datetime='2026-01-31 23:59'" has a default that does not fit: write now, or a time with its zone as in '2026-01-31 23:59Z'
Tag b:datetime=2026-01-31  =>  models:1:5: 'b:datetime=2026-01-31' has a default that does not fit: write now, or a time with its zone as in '2026-01-31 23:59Z'
Tag b:datetime='2026-02-30 23:59Z'  =>  models:1:5: "b:datetime='2026-02-30 23:59Z'" has a default that does not fit: write now, or a time with its zone as in '2026-01-31 23:59Z'
Tag b:datetime='2026-01-31 23:59+15:00'  =>  models:1:5: "b:datetime='2026-01-31 23:59+15:00'" has a default that does not fit: write now, or a time with its zone as in '2026-01-31 23:59Z'
Tag b:datetime=uuid  =>  models:1:5: 'b:datetime=uuid' has a default that does not fit: write now, or a time with its zone as in '2026-01-31 23:59Z'
Tag b:interval=day  =>  models:1:5: 'b:interval=day' has a default that does not fit: write an interval, as in '1 day' or '2 hours 30 minutes'
Tag b:interval='1 fortnight'  =>  models:1:5: "b:interval='1 fortnight'" has a default that does not fit: write an interval, as in '1 day' or '2 hours 30 minutes'
Tag b:interval=now  =>  models:1:5: 'b:interval=now' has a default that does not fit: write an interval, as in '1 day' or '2 hours 30 minutes'
Tag b:uuid=now  =>  models:1:5: 'b:uuid=now' has a default that does not fit: write uuid for a random one, or a value as in 01234567-89ab-cdef-0123-456789abcdef
Tag b:uuid=1234  =>  models:1:5: 'b:uuid=1234' has a default that does not fit: write uuid for a random one, or a value as in 01234567-89ab-cdef-0123-456789abcdef
Tag b:uuid=0123456789abcdef0123456789abcdef  =>  models:1:5: 'b:uuid=0123456789abcdef0123456789abcdef' has a default that does not fit: write uuid for a random one, or a value as in 01234567-89ab-cdef-0123-456789abcdef
Tag b:json={}  =>  models:1:5: the default '{}' in 'b:json={}' needs quotes: write b:json='{}'
Tag b:json=abc  =>  models:1:5: 'b:json=abc' has a default that does not fit: write JSON, as in '{}', but not null
Tag b:json='{a: 1}'  =>  models:1:5: "b:json='{a: 1}'" has a default that does not fit: write JSON, as in '{}', but not null
Tag b:json=null  =>  models:1:5: 'b:json=null' says NULL, which needs no default: write b:json?
Tag b:json=NaN  =>  models:1:5: 'b:json=NaN' has a default that does not fit: write JSON, as in '{}', but not null
Tag b:json='"\\u0000"'  =>  models:1:5: 'b:json=\'"\\u0000"\'' has a default that does not fit: write JSON, as in '{}', but not null
Tag b:json='"\\ud800"'  =>  models:1:5: 'b:json=\'"\\ud800"\'' has a default that does not fit: write JSON, as in '{}', but not null
Tag b:json='1e999'  =>  models:1:5: "b:json='1e999'" has a default that does not fit: write JSON, as in '{}', but not null
Tag b:bytes='é'  =>  models:1:5: "b:bytes='é'" has a default that does not fit: write ASCII text without a backslash, or as in '\x0aff'
Tag b:bytes='\\'  =>  models:1:5: "b:bytes='\\'" has a default that does not fit: write ASCII text without a backslash, or as in '\x0aff'
Tag b:bytes='\\x0'  =>  models:1:5: "b:bytes='\\x0'" has a default that does not fit: write ASCII text without a backslash, or as in '\x0aff'
Tag b:enum(a|b)=c  =>  models:1:5: 'b:enum(a|b)=c' has a default that does not fit: write one of its values
Tag b:enum(a|b)=''  =>  models:1:5: "b:enum(a|b)=''" has a default that does not fit: write one of its values
Tag b:text[]=a  =>  models:1:5: 'b:text[]=a' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]=now  =>  models:1:5: 'b:text[]=now' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]='{a b}'  =>  models:1:5: "b:text[]='{a b}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]='{"a"}'  =>  models:1:5: 'b:text[]=\'{"a"}\'' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]='{NULL}'  =>  models:1:5: "b:text[]='{NULL}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]='{1, 2}'  =>  models:1:5: "b:text[]='{1, 2}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:text[]='{a,}'  =>  models:1:5: "b:text[]='{a,}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:string(3)[]='{four}'  =>  models:1:5: "b:string(3)[]='{four}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:integer[]='{a}'  =>  models:1:5: "b:integer[]='{a}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:integer[]=1  =>  models:1:5: 'b:integer[]=1' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:date[]=now  =>  models:1:5: 'b:date[]=now' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:date[]='{now}'  =>  models:1:5: "b:date[]='{now}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:uuid[]=uuid  =>  models:1:5: 'b:uuid[]=uuid' has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'
Tag b:time[]='{12:00}'  =>  models:1:5: "b:time[]='{12:00}'" has a default that does not fit: write '{}', or elements of A-Z a-z 0-9 _ . + - that fit, as in '{1,2}'

== flags
Tag b:text:uniqe  =>  models:1:5: flag 'uniqe' in 'b:text:uniqe' is not one of index, unique, did you mean 'unique'?
Tag b:text:unique:unique  =>  models:1:5: flag 'unique' is given twice in 'b:text:unique:unique': keep one
Tag b:text:cascade  =>  models:1:5: flag 'cascade' is only for references, and 'b:text:cascade' is not one
Tag; Post tag:Tag:casade  =>  models:1:11: flag 'casade' in 'tag:Tag:casade' is not one of index, unique, cascade, restrict, setnull, did you mean 'cascade'?
Tag; Post tag:Tag:cascade:restrict  =>  models:1:11: 'tag:Tag:cascade:restrict' has two delete rules: keep one
Tag; Post tag:Tag?:cascade:restrict:setnull  =>  models:1:11: 'tag:Tag?:cascade:restrict:setnull' has two delete rules: keep one
Tag; Post tag:Tag:setnull  =>  models:1:11: 'tag:Tag:setnull' sets NULL, so it must be nullable: write Tag?

== references
Tag b:B; C  =>  models:1:5: model 'B' in 'b:B' is not declared
blog.Tag b:shop.Tag  =>  models:1:10: model 'shop.Tag' in 'b:shop.Tag' is not declared, did you mean 'blog.Tag'?
users.User; Post user:user.User  =>  models:1:18: model 'user.User' in 'user:user.User' is not declared, did you mean 'users.User'?
users.User; Post user:users.Usr  =>  models:1:18: model 'users.Usr' in 'user:users.Usr' is not declared, did you mean 'users.User'?
users.User; Post user:user  =>  models:1:18: the type of 'user:user' must be a model: write user:User
User; Post user:.User  =>  models:1:12: 'user:.User' is not a field: write name:type
User; Post user:users.User  =>  models:1:12: model 'users.User' in 'user:users.User' is not declared
Tag; Post tag:Tag(3)  =>  models:1:11: '(3)' in 'tag:Tag(3)' is not a name for the other side, which must match [a-z][a-z0-9_]*: write Tag(name), as in author:User(posts)
Tag; Post tag:Tag=1  =>  models:1:11: 'tag:Tag=1' is a reference, which takes no default: leave out =1
Tag; Post tag:Tag(|)  =>  models:1:11: '(|)' in 'tag:Tag(|)' is not a name for the other side, which must match [a-z][a-z0-9_]*: write Tag(name), as in author:User(posts)
Node parent:Node  =>  models:1:6: 'parent:Node' refers to its own model, so it must be nullable: write Node?

== many-to-many
Tag; Post tags:Tag[]?  =>  models:1:11: 'tags:Tag[]?' is many-to-many, which takes no ?, default or flag: write tags:Tag[]
Tag; Post tags:Tag[]=1  =>  models:1:11: 'tags:Tag[]=1' is many-to-many, which takes no ?, default or flag: write tags:Tag[]
Tag; Post tags:Tag(3)[]  =>  models:1:11: '(3)' in 'tags:Tag(3)[]' is not a name for the other side, which must match [a-z][a-z0-9_]*: write Tag(name), as in author:User(posts)
Tag; Post tags:Tag[]:index  =>  models:1:11: 'tags:Tag[]:index' is many-to-many, which takes no ?, default or flag: write tags:Tag[]
Tag; Post tags:Tag[]:cascade  =>  models:1:11: 'tags:Tag[]:cascade' is many-to-many, which takes no ?, default or flag: write tags:Tag[]
Tag; Post tags:Tag[]:foo  =>  models:1:11: flag 'foo' in 'tags:Tag[]:foo' is not one of index, unique, cascade, restrict, setnull
Tag; Post(people_) tags:Tag[]  =>  models:1:20: the table of 'tags:Tag[]', 'people__tags' must match [a-z][a-z0-9_]*, without __
Tag; Post(pg) tags:Tag[]  =>  models:1:15: the table of 'tags:Tag[]', 'pg_tags' starts with pg_, which PostgreSQL reserves: choose another name
Tag; Post(alembic) version:Tag[]  =>  models:1:20: the table of 'version:Tag[]', 'alembic_version' is reserved by Alembic: choose another name
Tag; Thing(mapped) column:Tag[]  =>  models:1:20: the table of 'column:Tag[]', 'mapped_column' is used in the generated files: choose another name
Tag; Thing(get) args:Tag[]  =>  models:1:17: the table of 'args:Tag[]', 'get_args' is used in the generated files: choose another name

== groups
Tag a:text b:text foo(a,b)  =>  models:1:19: 'foo(a,b)' is not a field: write name:type, unique(a,b) or index(a,b)
Tag a:text b:text uniqe(a,b)  =>  models:1:19: 'uniqe(a,b)' is not a field: write name:type, unique(a,b) or index(a,b), did you mean 'unique'?
Tag a:text b:text unique(a,c)  =>  models:1:19: 'c' in 'unique(a,c)' is not a field of Tag
Tag title:text b:text unique(titel,b)  =>  models:1:23: 'titel' in 'unique(titel,b)' is not a field of Tag, did you mean 'title'?
Tag a:text unique(a)  =>  models:1:12: 'unique(a)' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text unique(a,a)  =>  models:1:12: 'unique(a,a)' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text unique()  =>  models:1:12: 'unique()' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text b:text unique(a|b)  =>  models:1:19: 'unique(a|b)' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text b:text unique(a b)  =>  models:1:19: 'unique(a b)' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text b:text unique('a',b)  =>  models:1:19: "unique('a',b)" is not a field: write name:type
Tag a:text b:text unique(a,b)?  =>  models:1:19: 'unique(a,b)?' is not a field: write name:type
Tag a:text b:text unique (a,b)  =>  models:1:19: 'unique (a,b)' has a space in it: write unique(a,b)
Tag; Post a:text tags:Tag[] unique(a,tags)  =>  models:1:29: 'tags' in 'unique(a,tags)' is many-to-many and has no column: leave it out
Tag; Post a:text tag:Tag unique(a,tag_id)  =>  models:1:26: 'tag_id' in 'unique(a,tag_id)' is not a field of Post, did you mean 'tag'?
Tag a:text b:text unique(a,b) unique(a,b)  =>  models:1:31: 'unique(a,b)' and 'unique(a,b)' both get the name 'uq_tags_a_b' in PostgreSQL: rename a field or a table

== names that meet
Post; posts.Node friends:Node[]  =>  models:1:18: 'friends:Node[]' is in schema 'posts', which SQLAlchemy would confuse with the table of Post: rename one
Tag; A(a) b_c:Tag[] x:Tag; AB(a_b) c:Tag[]  =>  models:1:36: 'c:Tag[]' and 'b_c:Tag[]' both get the name 'a_b_c' in PostgreSQL: rename a field or a table
Tag(words); Term(words)  =>  models:1:13: 'Term(words)' and 'Tag(words)' both get the name 'words' in PostgreSQL: rename a field or a table
AB(a_b) c:text:index; A(a) b_c:text:index  =>  models:1:28: 'b_c:text:index' and 'c:text:index' both get the name 'ix_a_b_c' in PostgreSQL: rename a field or a table
AB(a_b) c:text:unique; A(a) b_c:text:unique  =>  models:1:29: 'b_c:text:unique' and 'c:text:unique' both get the name 'uq_a_b_c' in PostgreSQL: rename a field or a table
AB(a_b) c:text d:text index(c,d); A(a) b_c:text d:text index(b_c,d)  =>  models:1:56: 'index(b_c,d)' and 'index(c,d)' both get the name 'ix_a_b_c_d' in PostgreSQL: rename a field or a table
Tag a_b:text:index a:text b:text index(a,b)  =>  models:1:34: 'index(a,b)' and 'a_b:text:index' both get the name 'ix_tags_a_b' in PostgreSQL: rename a field or a table
Tag a_b:text:unique a:text b:text unique(a,b)  =>  models:1:35: 'unique(a,b)' and 'a_b:text:unique' both get the name 'uq_tags_a_b' in PostgreSQL: rename a field or a table
Tag b_c:text a:text a_b:text c:text index(a,b_c) index(a_b,c)  =>  models:1:50: 'index(a_b,c)' and 'index(a,b_c)' both get the name 'ix_tags_a_b_c' in PostgreSQL: rename a field or a table
Z(z); Y(y_id_z); T x:Y x_id_y:Z  =>  models:1:24: 'x_id_y:Z' and 'x:Y' both get the name 'fk_ts_x_id_y_id_z' in PostgreSQL: rename a field or a table
Tag; Word(pk_tags)  =>  models:1:6: 'Word(pk_tags)' and 'Tag' both get the name 'pk_tags' in PostgreSQL: rename a field or a table
Tag; Word(tags_id_seq)  =>  models:1:6: 'Word(tags_id_seq)' has the name of the sequence of Tag: rename a table
Tag(words_id_seq); Word  =>  models:1:1: 'Tag(words_id_seq)' has the name of the sequence of Word: rename a table
Tag a:text:index; Word(ix_tags_a)  =>  models:1:19: 'Word(ix_tags_a)' and 'a:text:index' both get the name 'ix_tags_a' in PostgreSQL: rename a field or a table
Tag a:text:unique; Word(uq_tags_a)  =>  models:1:20: 'Word(uq_tags_a)' and 'a:text:unique' both get the name 'uq_tags_a' in PostgreSQL: rename a field or a table
Tag; Post tags:Tag[]; Word(posts_tags)  =>  models:1:23: 'Word(posts_tags)' and 'tags:Tag[]' both get the name 'posts_tags' in PostgreSQL: rename a field or a table
Tag; Post tags:Tag[]; Word(pk_posts_tags)  =>  models:1:23: 'Word(pk_posts_tags)' and 'tags:Tag[]' both get the name 'pk_posts_tags' in PostgreSQL: rename a field or a table
Tag; Post tags:Tag[]; Word(ix_posts_tags_tag_id)  =>  models:1:23: 'Word(ix_posts_tags_tag_id)' and 'tags:Tag[]' both get the name 'ix_posts_tags_tag_id' in PostgreSQL: rename a field or a table

== other sides that meet
User posts:text; Post user:User  =>  models:1:23: 'user:User' gives User an attribute 'posts', and so does 'posts:text': name the other side, as in user:User(another_name)
User children:text parent:User?  =>  models:1:20: 'parent:User?' gives User an attribute 'children', and so does 'children:text': name the other side, as in parent:User(another_name)
User next_of:text next:User?  =>  models:1:19: 'next:User?' gives User an attribute 'next_of', and so does 'next_of:text': name the other side, as in next:User(another_name)
User a_posts:text; Post a:User b:User  =>  models:1:25: 'a:User' gives User an attribute 'a_posts', and so does 'a_posts:text': name the other side, as in a:User(another_name)
User; Box user:User; Boxe user:User  =>  models:1:27: 'user:User' gives User an attribute 'boxes', and so does 'user:User': name the other side, as in user:User(another_name)
User; Post user:User; Posts(x) user:User:unique  =>  models:1:32: 'user:User:unique' gives User an attribute 'posts', and so does 'user:User': name the other side, as in user:User(another_name)
User; A(x) user:User  =>  models:1:12: 'user:User' gives User an attribute 'as', which is a Python keyword: name the other side, as in user:User(another_name)
User; Metadata user:User:unique  =>  models:1:16: 'user:User:unique' gives User an attribute 'metadata', which is an attribute of every model: name the other side, as in user:User(another_name)
User; Dt user:User:unique  =>  models:1:10: 'user:User:unique' gives User an attribute 'dt', which is used in the generated files: name the other side, as in user:User(another_name)
Tag children:Tag[] parent:Tag?  =>  models:1:20: 'parent:Tag?' gives Tag an attribute 'children', and so does 'children:Tag[]': name the other side, as in parent:Tag(another_name)
Tag; Word tags:Tag[]; Words(x) tag:Tag:unique  =>  models:1:32: 'tag:Tag:unique' gives Tag an attribute 'words', and so does 'tags:Tag[]': name the other side, as in tag:Tag(another_name)

== other sides that are named
User; Post author:User(Posts)  =>  models:1:12: '(Posts)' in 'author:User(Posts)' is not a name for the other side, which must match [a-z][a-z0-9_]*: write User(name), as in author:User(posts)
User; Post author:User(a__b)  =>  models:1:12: '(a__b)' in 'author:User(a__b)' is not a name for the other side, which must match [a-z][a-z0-9_]*: write User(name), as in author:User(posts)
User; Post author:User()  =>  models:1:12: '()' in 'author:User()' is not a name for the other side, which must match [a-z][a-z0-9_]*: write User(name), as in author:User(posts)
User; Post author:User(a,b)  =>  models:1:12: '(a,b)' in 'author:User(a,b)' is not a name for the other side, which must match [a-z][a-z0-9_]*: write User(name), as in author:User(posts)
User; Post author:User('a')  =>  models:1:12: "('a')" in "author:User('a')" is not a name for the other side, which must match [a-z][a-z0-9_]*: write User(name), as in author:User(posts)
User; Post author:User(class)  =>  models:1:12: 'author:User(class)' gives User an attribute 'class', which is a Python keyword: name the other side, as in author:User(another_name)
User; Post author:User(id)  =>  models:1:12: 'author:User(id)' gives User an attribute 'id', which is a column of every model: name the other side, as in author:User(another_name)
User name:text; Post author:User(name)  =>  models:1:22: 'author:User(name)' gives User an attribute 'name', and so does 'name:text': name the other side, as in author:User(another_name)
User; Post author:User(posts) editor:User(posts)  =>  models:1:31: 'editor:User(posts)' gives User an attribute 'posts', and so does 'author:User(posts)': name the other side, as in editor:User(another_name)
User; Post author:User(editor_posts) editor:User  =>  models:1:38: 'editor:User' gives User an attribute 'editor_posts', and so does 'author:User(editor_posts)': name the other side, as in editor:User(another_name)
Node parent:Node(parent)?  =>  models:1:6: 'parent:Node(parent)?' gives Node an attribute 'parent', and so does 'parent:Node(parent)?': name the other side, as in parent:Node(another_name)
Node next:Node(nodes)? friends:Node(nodes)[]  =>  models:1:24: 'friends:Node(nodes)[]' gives Node an attribute 'nodes', and so does 'next:Node(nodes)?': name the other side, as in friends:Node(another_name)
Node friends:Node(friends)[]  =>  models:1:6: 'friends:Node(friends)[]' gives Node an attribute 'friends', and so does 'friends:Node(friends)[]': name the other side, as in friends:Node(another_name)

== keys
Tag id:bigint?  =>  models:1:5: 'id:bigint?' is not a key: write KEYS
Tag id:uuid[]  =>  models:1:5: 'id:uuid[]' is not a key: write KEYS
Tag id:string(0)  =>  models:1:5: 'id:string(0)' has an invalid length: PostgreSQL allows 1 to 10485760
Tag id:string()  =>  models:1:5: 'id:string()' has wrong arguments: write string(length)
Tag id:bigint(8)  =>  models:1:5: 'id:bigint(8)' has wrong arguments: write bigint, which takes no arguments
Tag id:bigint a:text id:uuid  =>  models:1:22: Tag has two keys: keep one
Identity id:bigint  =>  models:1:10: 'id:bigint' needs SQLAlchemy's or the template's class Identity, and so the file identity.py cannot have the model Identity: rename the model, or leave out the key
Identity; Tag id:bigint identity:Identity  =>  models:1:15: 'id:bigint' needs SQLAlchemy's or the template's class Identity, and so the file tag.py cannot have the model Identity: rename the model, or leave out the key
Tag id:bigint; Identity tag:Tag  =>  models:1:5: 'id:bigint' needs SQLAlchemy's or the template's class Identity, and so the file tag.py cannot have the model Identity: rename the model, or leave out the key
Tag id:uuid tags:Timestamped[]; Timestamped  =>  models:1:5: 'id:uuid' needs SQLAlchemy's or the template's class Timestamped, and so the file tag.py cannot have the model Timestamped: rename the model, or leave out the key
Tag id:bigint; Word(tags_id_seq)  =>  models:1:16: 'Word(tags_id_seq)' has the name of the sequence of Tag: rename a table

== the key of all models
id:uuid=now; Tag  =>  models:1:1: 'id:uuid=now' has a default that a key cannot have: write KEYS
id:bigint a:text  =>  models:1:11: 'a:text' is on the line of the key of all models: begin a model on the next line
id:bigint\n  a:text  =>  models:2:3: 'a:text' is on the line of the key of all models: begin a model on the next line
id:bigint  id:uuid  =>  models:1:12: 'id:uuid' is on the line of the key of all models: begin a model on the next line
id:bigint Tag a:text  =>  models:1:11: 'Tag' is a model in the middle of a line: begin a new line, or write ; before it
Tag\nid:bigint  =>  models:2:1: 'id:bigint' sets the key of all models, so it is the first line; in a model it follows its name
Tag; id:uuid=uuid; Post  =>  models:1:6: 'id:uuid=uuid' sets the key of all models, so it is the first line; in a model it follows its name
id:bigint; id:uuid  =>  models:1:12: 'id:uuid' sets the key of all models, so it is the first line; in a model it follows its name

== circles
Chicken egg:Egg; Egg chicken:Chicken  =>  models:1:22: 'chicken:Chicken' completes a circle of references that cannot be NULL (Chicken, Egg, Chicken), so no row could be the first: write Chicken? here, or ? at another one
AB1 b:B1; B1 c:C1; C1 a:AB1  =>  models:1:23: 'a:AB1' completes a circle of references that cannot be NULL (AB1, B1, C1, AB1), so no row could be the first: write AB1? here, or ? at another one
AB1 b:B1 c:C1?; B1 c:C1; C1 a:AB1?; D1 e:E1; E1 d:D1  =>  models:1:49: 'd:D1' completes a circle of references that cannot be NULL (D1, E1, D1), so no row could be the first: write D1? here, or ? at another one

== json in an index
Tag a:json b:text unique(a,b)  =>  models:1:19: 'a' in 'unique(a,b)' is json, which no such index can search: leave it out, or write a:json:index for a GIN index of its own
Tag a:json b:text index(b,a)  =>  models:1:19: 'a' in 'index(b,a)' is json, which no such index can search: leave it out, or write a:json:index for a GIN index of its own

== columns of every model in groups
Tag a:text unique(id,id)  =>  models:1:12: 'unique(id,id)' must name at least two different fields; for one field write a flag: a:text:unique
Tag a:text unique(a,createdat)  =>  models:1:12: 'createdat' in 'unique(a,createdat)' is not a field of Tag, did you mean 'created_at'?
Tag a:text index(created_at) index(created_at)  =>  models:1:30: 'index(created_at)' and 'index(created_at)' both get the name 'ix_tags_created_at' in PostgreSQL: rename a field or a table

== models that are not on a line of their own
Tag a:text Post b:text  =>  models:1:12: 'Post' is a model in the middle of a line: begin a new line, or write ; before it
Tag a:text blog.Post  =>  models:1:12: 'blog.Post' is a model in the middle of a line: begin a new line, or write ; before it
Tag a:text # b\n  c:text Post(x)  =>  models:2:10: 'Post(x)' is a model in the middle of a line: begin a new line, or write ; before it

== comments that hide models, as YAML makes of a text behind >
Tag a:text # why Post b:text c:text  =>  models:1:12: this comment reaches to the end of the line, and so hides 'Post b:text': in YAML write models: | instead of models: >
Tag a:text # why; blog.Post(x) b:text  =>  models:1:12: this comment reaches to the end of the line, and so hides 'blog.Post(x) b:text': in YAML write models: | instead of models: >
Tag a:text # why b:text  =>  models:1:12: this comment reaches to the end of the line, and so hides 'b:text': in YAML write models: | instead of models: >
# all Tag a:text Post b:text  =>  models:1:1: this comment reaches to the end of the line, and so hides 'Tag a:text': in YAML write models: | instead of models: >
Tag a:text;\nPost b:text # why Note c:text\n  =>  models:2:13: this comment reaches to the end of the line, and so hides 'Note c:text': in YAML write models: | instead of models: >

== later lines
# one\nTag a:text  # two\n\n  Post b:strin  =>  models:4:8: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
Tag a:text;Post  b:strin  =>  models:1:18: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
Tag\na:text  =>  models:2:1: 'a:text' is at the start of a line: indent it, to continue the model above
  Tag  # why\n\n  a:text  =>  models:3:3: 'a:text' is at the start of a line: indent it, to continue the model above
# why\n a:text  =>  models:2:2: 'a:text' is a field, but no model is above it: begin with schema.Model or Model
Tag; a:text  =>  models:1:6: 'a:text' is a field, but no model is above it: begin with schema.Model or Model
Tag a:text b:text\nunique(a,b)  =>  models:2:1: 'unique(a,b)' is at the start of a line: indent it, to continue the model above
Tag;\n  a:text  =>  models:2:3: 'a:text' is a field, but no model is above it: begin with schema.Model or Model
Tag\n\tb:strin  # why\n\n\t# it\n  c:text  =>  models:2:2: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
Tag\n  a:text # why\n\n\n  c:text a:text  =>  models:5:10: 'a:text' and 'a:text' both define 'a' in Tag: rename one
Tag a:text='# no comment' b:strin  =>  models:1:27: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
Tag a:text=';' b:strin  =>  models:1:16: type 'strin' in 'b:strin' is unknown, did you mean 'string'?
a.Tag\na.Tag\n  =>  models:2:1: model 'Tag' is declared twice: rename one, even if their schemas differ
Tag a:text b:text\nPost c:text unique(c,d)  =>  models:2:13: 'd' in 'unique(c,d)' is not a field of Post

== spaces, signs and comments of other languages
Tag a:string (255)  =>  models:1:5: 'a:string (255)' has a space in it: write a:string(255)
Tag a : string  =>  models:1:5: 'a : string' has a space in it: write a:string
Tag a :string  =>  models:1:5: 'a :string' has a space in it: write a:string
Tag a string  =>  models:1:5: 'a string' is not a field: write a:string
Tag a String?  =>  models:1:5: 'a String?' is not a field: write a:string?
Tag a:string?= x  =>  models:1:5: 'a:string?= x' has a space in it: write a:string?=x
Tag a:string =x  =>  models:1:5: 'a:string =x' has a space in it: write a:string=x
Tag a:text -- the text  =>  models:1:12: '-- the text' is not a comment: begin it with #
Tag a:text // it's  =>  models:1:12: "// it's" is not a comment: begin it with #
// tags\nTag a:text  =>  models:1:1: '// tags' is not a comment: begin it with #
/* tags */\nTag a:text  =>  models:1:1: '/* tags */' is not a comment: begin it with #
Tag a:string,  =>  models:1:5: 'a:string,' has a comma; spaces separate fields: write a:string
Tag a:text!  =>  models:1:5: the ! in 'a:text!' is not needed: fields are NOT NULL by default: write a:text
Tag a=text  =>  models:1:5: 'a=text' is not a field: write a:text
Tag "a":text  =>  models:1:5: '"a":text' is not a field: write a:text
Tag `a`:text  =>  models:1:5: '`a`:text' is not a field: write a:text
Tag: a:text  =>  models:1:1: 'Tag:' is not a model: write Tag
Tag{ a:text  =>  models:1:1: 'Tag{' is not a model: write Tag
Tag a:string NOT NULL b:text  =>  models:1:5: 'a:string NOT NULL' is not a field; fields are NOT NULL by default: write a:string
Tag a:varchar(20) NOT NULL DEFAULT 'it''s' UNIQUE  =>  models:1:5: "a:varchar(20) NOT NULL DEFAULT 'it''s' UNIQUE" is not a field; fields are NOT NULL by default: write a:string(20)='it''s':unique
Tag a:string null  =>  models:1:5: 'a:string null' is not a field; a ? after the type allows NULL: write a:string?
Tag a:string required unique  =>  models:1:5: 'a:string required unique' is not a field: write a:string:unique
Tag a:integer min(0) max(10)  =>  models:1:5: 'a:integer min(0) max(10)' is not a field: write a:integer
Tag a:double precision  =>  models:1:5: 'a:double precision' is not a field: write a:float
Tag a timestamp with time zone DEFAULT now() NOT NULL, b:text  =>  models:1:5: 'a timestamp with time zone DEFAULT now() NOT NULL,' is not a field; fields are NOT NULL by default: write a:datetime=now
Tag a:text @unique  =>  models:1:5: 'a:text @unique' is not a field: write a:text:unique
Tag a Int? @default(0)  =>  models:1:5: 'a Int? @default(0)' is not a field: write a:integer?=0
Tag a varchar [not null, default: 'x']  =>  models:1:5: "a varchar [not null, default: 'x']" is not a field; fields are NOT NULL by default: write a:string=x
User; Tag author User @relation(fields: [authorId], references: [id]) a:text  =>  models:1:11: 'author User @relation(fields: [authorId], references: [id])' is not a field: write author:User
User; Tag user_id integer REFERENCES users(id) ON DELETE CASCADE  =>  models:1:11: 'user_id integer REFERENCES users(id) ON DELETE CASCADE' is not a field: write user:User:cascade
Tag a:text b:text UNIQUE(a,b)  =>  models:1:19: 'UNIQUE(a,b)' is not a field: write unique(a,b)
Tag a:text b:text uniq(a,b)  =>  models:1:19: 'uniq(a,b)' is not a field: write unique(a,b)
Tag a:text b:text @@unique([a, b])  =>  models:1:19: '@@unique([a, b])' is not a field: write unique(a,b)
Tag a:text @@map("tags")  =>  models:1:12: '@@map("tags")' is not a field: leave it out
Tag a:text index  =>  models:1:5: 'a:text index' is not a field: write a:text:index

== types of other languages
Tag a:inet  =>  models:1:5: type 'inet' in 'a:inet' is unknown: write a:string
Tag a:int2  =>  models:1:5: type 'int2' in 'a:int2' is unknown: write a:smallint
Tag a:int8  =>  models:1:5: type 'int8' in 'a:int8' is unknown: write a:bigint
Tag a:tinyint(1)  =>  models:1:5: type 'tinyint' in 'a:tinyint(1)' is unknown: write a:boolean
Tag a:tinyint(4)  =>  models:1:5: type 'tinyint' in 'a:tinyint(4)' is unknown: write a:smallint
Tag a:mediumint?=0  =>  models:1:5: type 'mediumint' in 'a:mediumint?=0' is unknown: write a:integer?=0
Tag a:serial  =>  models:1:5: type 'serial' in 'a:serial' is unknown: write a:integer
Tag a:bigserial:unique  =>  models:1:5: type 'bigserial' in 'a:bigserial:unique' is unknown: write a:bigint:unique
Tag a:binary(16)  =>  models:1:5: type 'binary' in 'a:binary(16)' is unknown: write a:bytes
Tag a:varbinary(max)  =>  models:1:5: type 'varbinary' in 'a:varbinary(max)' is unknown: write a:bytes
Tag a:nvarchar(max)  =>  models:1:5: type 'nvarchar' in 'a:nvarchar(max)' is unknown: write a:string
Tag a:decimal(10,2)=0.00  =>  models:1:5: type 'decimal' in 'a:decimal(10,2)=0.00' is unknown: write a:numeric(10,2)=0.00
Tag a:money  =>  models:1:5: type 'money' in 'a:money' is unknown: write a:numeric
Tag a:long  =>  models:1:5: type 'long' in 'a:long' is unknown: write a:bigint
Tag a:short[]  =>  models:1:5: type 'short' in 'a:short[]' is unknown: write a:smallint[]
Tag a:email:unique  =>  models:1:5: type 'email' in 'a:email:unique' is unknown: write a:string:unique
Tag a:url  =>  models:1:5: type 'url' in 'a:url' is unknown: write a:string
Tag a:slug(50)  =>  models:1:5: type 'slug' in 'a:slug(50)' is unknown: write a:string(50)
Tag a:Instant=now  =>  models:1:5: type 'Instant' in 'a:Instant=now' is unknown: write a:datetime=now
Tag a:LocalDate  =>  models:1:5: type 'LocalDate' in 'a:LocalDate' is unknown: write a:date
Tag a:ZonedDateTime  =>  models:1:5: type 'ZonedDateTime' in 'a:ZonedDateTime' is unknown: write a:datetime
Tag a:BigDecimal  =>  models:1:5: type 'BigDecimal' in 'a:BigDecimal' is unknown: write a:numeric
Tag a:ImageBlob  =>  models:1:5: type 'ImageBlob' in 'a:ImageBlob' is unknown: write a:bytes
Tag a:CharField(max_length=80)  =>  models:1:5: type 'CharField' in 'a:CharField(max_length=80)' is unknown: write a:string(80)
Tag a:models.TextField  =>  models:1:5: type 'models.TextField' in 'a:models.TextField' is unknown: write a:text
Tag a:DecimalField(10,2)  =>  models:1:5: type 'DecimalField' in 'a:DecimalField(10,2)' is unknown: write a:numeric(10,2)
Tag a:citext  =>  models:1:5: type 'citext' in 'a:citext' is unknown: write a:text
Tag a:hstore  =>  models:1:5: type 'hstore' in 'a:hstore' is unknown: write a:json
Tag a:datetimeoffset(7)  =>  models:1:5: type 'datetimeoffset' in 'a:datetimeoffset(7)' is unknown: write a:datetime
Tag a:uniqueidentifier  =>  models:1:5: type 'uniqueidentifier' in 'a:uniqueidentifier' is unknown: write a:uuid
Tag a:DateTime  =>  models:1:5: type 'DateTime' in 'a:DateTime' is unknown: write a:datetime
Tag a:Json  =>  models:1:5: type 'Json' in 'a:Json' is unknown: write a:json
Tag a:[String!]!  =>  models:1:5: 'a:[String!]!' is not a field: write a:string[]
Tag a:List<String>  =>  models:1:5: 'a:List<String>' is not a field: write a:string[]
Tag a:string[3]  =>  models:1:5: '[3]' in 'a:string[3]' is not possible: an array has no fixed length: write a:string[]
Tag a:array  =>  models:1:5: 'a:array' does not name the type of the elements: write a:text[]
Tag a:array(integer)  =>  models:1:5: 'a:array(integer)' is not how an array is written: write a:integer[]
Tag a:string{30}  =>  models:1:5: '{30}' in 'a:string{30}' has the wrong brackets: write a:string(30)
Tag a:string:20  =>  models:1:5: flag '20' in 'a:string:20' is unknown; a length follows its type in brackets: write a:string(20)
Tag a:enum('x','y z')  =>  models:1:5: | separates the values in "a:enum('x','y z')": write a:enum(x|'y z')
Tag a:enum(x/y)  =>  models:1:5: | separates the values in 'a:enum(x/y)': write a:enum(x|y)
Tag a:enum(x|y)[]  =>  models:1:5: 'a:enum(x|y)[]' is not possible: there are no arrays of enum: write a:string[]

== references of other languages
User; Tag user:references  =>  models:1:11: the type of 'user:references' must be a model: write user:User
User; Tag user_id:references  =>  models:1:11: the type of 'user_id:references' must be a model: write user:User
User; Tag references:user  =>  models:1:11: 'references:user' is not a field: write user:User
User; Tag user:belongs_to:index  =>  models:1:11: the type of 'user:belongs_to:index' must be a model: write user:User
User; Tag owner:belongs_to  =>  models:1:11: the type of 'owner:belongs_to' must be a model: write owner:Owner, or the name of another model
User; Tag user:ForeignKey  =>  models:1:11: the type of 'user:ForeignKey' must be a model: write user:User
User; Tag author:ForeignKey(User)  =>  models:1:11: the type of 'author:ForeignKey(User)' must be a model: write author:User
User; Tag user:OneToOneField(User)  =>  models:1:11: the type of 'user:OneToOneField(User)' must be a model: write user:User:unique
User; Tag user:has_one  =>  models:1:11: the type of 'user:has_one' must be a model: write user:User:unique
User; Tag users:has_many  =>  models:1:11: 'users:has_many' is declared on the other side, in User: write tag:Tag
User; Tag users:has_and_belongs_to_many  =>  models:1:11: the type of 'users:has_and_belongs_to_many' must be a model: write users:User[]
User; Tag users:ManyToManyField(User)  =>  models:1:11: the type of 'users:ManyToManyField(User)' must be a model: write users:User[]
User; Tag user:User.id  =>  models:1:11: the type of 'user:User.id' must be a model: write user:User
User; Tag user_id:users.id  =>  models:1:11: the type of 'user_id:users.id' must be a model: write user:User
User; Tag user:users  =>  models:1:11: the type of 'user:users' must be a model: write user:User
User; Tag user_id:integer:references  =>  models:1:11: 'user_id:integer:references' is not a field: write user:User
User; Tag user_id:integer:fk  =>  models:1:11: 'user_id:integer:fk' is not a field: write user:User
User; Tag author_id:User  =>  models:1:11: 'author_id:User' would make a column author_id_id: write author:User
User; Tag author_id:User?:setnull  =>  models:1:11: 'author_id:User?:setnull' would make a column author_id_id: write author:User?:setnull
User; Tag user:[User]  =>  models:1:11: 'user:[User]' is not how an array is written: write user:User[]
Staff store_id:integer; Shop manager:Staff(store):unique  =>  models:1:7: 'store_id:integer' is a plain column, beside the relationship 'store' that 'manager:Staff(store):unique' gives Staff: rename it, or write store:Shop

== flags of other languages
Tag a:string:notnull  =>  models:1:5: flag 'notnull' in 'a:string:notnull' is unknown; fields are NOT NULL by default: write a:string
Tag a:string:not_null  =>  models:1:5: flag 'not_null' in 'a:string:not_null' is unknown; fields are NOT NULL by default: write a:string
Tag a:string:required  =>  models:1:5: flag 'required' in 'a:string:required' is unknown; fields are NOT NULL by default: write a:string
Tag a:string:null  =>  models:1:5: flag 'null' in 'a:string:null' is unknown; a ? after the type allows NULL: write a:string?
Tag a:string:nullable  =>  models:1:5: flag 'nullable' in 'a:string:nullable' is unknown; a ? after the type allows NULL: write a:string?
Tag a:string:optional  =>  models:1:5: flag 'optional' in 'a:string:optional' is unknown; a ? after the type allows NULL: write a:string?
Tag a:string:uniq  =>  models:1:5: flag 'uniq' in 'a:string:uniq' is unknown: write a:string:unique
Tag a:string:unique=true  =>  models:1:5: flag 'unique' in 'a:string:unique=true' takes no value: write a:string:unique
Tag a:string:unique:true  =>  models:1:5: flag 'unique' in 'a:string:unique:true' takes no value: write a:string:unique
Tag a:string:db_index  =>  models:1:5: flag 'db_index' in 'a:string:db_index' is unknown: write a:string:index
Tag a:string:primary_key  =>  models:1:5: 'a:string:primary_key' is a key, but every model has the key id: write a:string:unique
Tag a:string:pk  =>  models:1:5: 'a:string:pk' is a key, but every model has the key id: write a:string:unique
Tag a:string:default  =>  models:1:5: flag 'default' in 'a:string:default' is unknown; a default follows =: write a:string=value
Tag a:string:default(x)  =>  models:1:5: flag 'default' in 'a:string:default(x)' is unknown; a default follows =: write a:string=x
Tag a:string:default:x  =>  models:1:5: flag 'default' in 'a:string:default:x' is unknown; a default follows =: write a:string=x
Tag a:datetime:auto_now_add  =>  models:1:5: flag 'auto_now_add' in 'a:datetime:auto_now_add' is unknown; the default now sets the time: write a:datetime=now
Tag a:integer:min(0)  =>  models:1:5: flag 'min' in 'a:integer:min(0)' is unknown; add checks to the generated model: write a:integer
Tag a:string:minlength(3)  =>  models:1:5: flag 'minlength' in 'a:string:minlength(3)' is unknown; add checks to the generated model: write a:string
Tag a:string:maxlength(20)  =>  models:1:5: flag 'maxlength' in 'a:string:maxlength(20)' is unknown; a length follows its type in brackets: write a:string(20)
Tag a:integer:unsigned  =>  models:1:5: flag 'unsigned' in 'a:integer:unsigned' is unknown; the declaration has nothing like it: write a:integer
Tag a:string:array  =>  models:1:5: flag 'array' in 'a:string:array' is unknown; [] makes an array: write a:string[]
Tag a:string:email  =>  models:1:5: flag 'email' in 'a:string:email' is unknown; add checks to the generated model: write a:string
User; Tag user:User:protect  =>  models:1:11: flag 'protect' in 'user:User:protect' is unknown: write user:User:restrict
User; Tag user:User:do_nothing  =>  models:1:11: flag 'do_nothing' in 'user:User:do_nothing' is unknown: write user:User:restrict
User; Tag user:User:nullify  =>  models:1:11: flag 'nullify' in 'user:User:nullify' is unknown: write user:User?:setnull
User; Tag user:User:delete  =>  models:1:11: flag 'delete' in 'user:User:delete' is unknown: write user:User:cascade
User; Tag user:User:on_delete=cascade  =>  models:1:11: a rule is a flag of its own, unlike in 'user:User:on_delete=cascade': write user:User:cascade
User; Tag user:User:set_null  =>  models:1:11: flag 'set_null' in 'user:User:set_null' is unknown: write user:User?:setnull
User; Tag user:User:not_null  =>  models:1:11: flag 'not_null' in 'user:User:not_null' is unknown; fields are NOT NULL by default: write user:User

== defaults of other languages
Tag a:string=null  =>  models:1:5: 'a:string=null' says NULL, which needs no default: write a:string?
Tag a:string=NULL  =>  models:1:5: 'a:string=NULL' says NULL, which needs no default: write a:string?
Tag a:integer=nil  =>  models:1:5: 'a:integer=nil' says NULL, which needs no default: write a:integer?
Tag a:boolean=True  =>  models:1:5: the default 'True' in 'a:boolean=True' is written differently here: write a:boolean=true
Tag a:datetime=now()  =>  models:1:5: the default 'now()' in 'a:datetime=now()' is written differently here: write a:datetime=now
Tag a:datetime=CURRENT_TIMESTAMP  =>  models:1:5: the default 'CURRENT_TIMESTAMP' in 'a:datetime=CURRENT_TIMESTAMP' is written differently here: write a:datetime=now
Tag a:uuid=gen_random_uuid()  =>  models:1:5: the default 'gen_random_uuid()' in 'a:uuid=gen_random_uuid()' is written differently here: write a:uuid=uuid
Tag a:json={}  =>  models:1:5: the default '{}' in 'a:json={}' needs quotes: write a:json='{}'
Tag a:string[]=[]  =>  models:1:5: the default '[]' in 'a:string[]=[]' is written differently here: write a:string[]='{}'
Tag a:string="x"  =>  models:1:5: the default '"x"' in 'a:string="x"' has the wrong quotes: write a:string=x
Tag a:string='x'::text  =>  models:1:5: the default "'x'::text" in "a:string='x'::text" is written differently here: write a:string=x

== names of other languages
Tag emailVerified:boolean  =>  models:1:5: field 'emailVerified' must match [a-z][a-z0-9_]*, without __: write email_verified:boolean
Tag EmailVerified:boolean  =>  models:1:5: field 'EmailVerified' must match [a-z][a-z0-9_]*, without __: write email_verified:boolean
Tag email-verified:boolean  =>  models:1:5: field 'email-verified' must match [a-z][a-z0-9_]*, without __: write email_verified:boolean
User; Tag createdBy:User  =>  models:1:11: field 'createdBy' must match [a-z][a-z0-9_]*, without __: write created_by:User
Tag created_at:text  =>  models:1:5: 'created_at:text' is a column of every model: leave it out
Tag updated_at:datetime=now  =>  models:1:5: 'updated_at:datetime=now' is a column of every model: leave it out
Tag createdAt:datetime  =>  models:1:5: 'createdAt:datetime' is a column of every model: leave it out
Tag id:int  =>  models:1:5: 'id:int' is a column of every model: leave it out
Tag id:Int  =>  models:1:5: 'id:Int' is a column of every model: leave it out
Tag id:bigserial  =>  models:1:5: 'id:bigserial' is not a key here: write id:bigint
Tag id:uuid:pk  =>  models:1:5: 'id:uuid:pk' is not a key here: write id:uuid=uuid
Tag id:uuid=gen_random_uuid()  =>  models:1:5: 'id:uuid=gen_random_uuid()' is not a key here: write id:uuid=uuid
Tag id:char(26)  =>  models:1:5: 'id:char(26)' is not a key here: write id:string(26)

== whole models of other languages
CREATE TABLE users (\n  id SERIAL PRIMARY KEY,\n  email VARCHAR(255) NOT NULL UNIQUE,\n  bio TEXT\n);  =>  models:1:1: this is SQL: write User email:string(255):unique bio:text?
create table people (name text, price numeric(10, 2) default 0, unique (name, price))  =>  models:1:1: this is SQL: write Person name:text? price:numeric(10,2)?=0 unique(name,price)
CREATE TYPE mood AS ENUM ('sad', 'it''s');\nCREATE TABLE t (m mood NOT NULL DEFAULT 'sad'); -- the end  =>  models:2:1: this is SQL: write T(t) m:enum(sad|'it''s')=sad
model User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  role Role @default(USER)\n  posts Post[]\n}\nenum Role {\n  USER\n  ADMIN\n}  =>  models:1:1: this is Prisma: write User email:string:unique role:enum(USER|ADMIN)=USER
entity Employee {\n  firstName String required minlength(2) maxlength(20)\n  salary BigDecimal min(0)\n  hired Instant\n}  =>  models:1:1: this is JHipster's JDL: write Employee first_name:string(20) salary:numeric? hired:datetime?
Table follows {\n  user_id integer\n  state varchar(20) [not null, unique] // why\n}  =>  models:1:1: this is DBML: write Follow user_id:integer? state:string(20):unique
type Post {\n  id: ID!\n  title: String!\n  tags: [String!]!\n}  =>  models:1:1: this is GraphQL: write Post title:string tags:string[]
class Post(models.Model):\n    title = models.CharField(max_length=200, unique=True)\n    body = models.TextField(null=True)\n    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)  =>  models:1:1: this is Python: write Post title:string(200):unique body:text? price:numeric(10,2)=0
class Post(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    title = db.Column(db.String(80), nullable=False)  =>  models:1:1: this is Python: write Post title:string(80)
class Post(Base):\n    title: Mapped[str] = mapped_column(String(80))\n    size: Mapped[int | None] = mapped_column()  =>  models:1:1: this is Python: write Post title:string(80) size:integer?
rails generate model Post title:string body:text price:decimal{10,2}  =>  models:1:1: this is a command: write Post title:string body:text price:numeric(10,2)
Schema::create('posts', function (Blueprint $table) {\n    $table->id();\n    $table->string('title', 80)->unique();\n    $table->timestamps();\n});  =>  models:1:1: this is Laravel: write Post title:string(80):unique

== what is pasted, and what comes to mind first
create_table "accounts", id: :bigint, default: -> { "timestamp_id('accounts'::text)" }, force: :cascade do |t|\n  t.string "username", default: "", null: false\n  t.text "private_key"\n  t.datetime "created_at", precision: nil, null: false\n  t.jsonb "fields"\n  t.boolean "locked", default: false, null: false\n  t.bigint "moved_to_account_id"\n  t.string "also_known_as", array: true\n  t.index ["uri"], name: "index_accounts_on_uri"\nend  =>  models:1:1: this is Rails: write Account username:string='' private_key:text? fields:json? locked:boolean=false moved_to_account_id:bigint? also_known_as:string[]
CREATE TABLE public.film (\n    film_id integer DEFAULT nextval('public.film_film_id_seq'::regclass) NOT NULL,\n    title character varying(255) NOT NULL,\n    release_year public.year,\n    rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL,\n    rating public.mpaa_rating DEFAULT 'G'::public.mpaa_rating,\n    last_update timestamp without time zone DEFAULT now() NOT NULL,\n    special_features text[],\n    fulltext tsvector NOT NULL\n);\n\nALTER TABLE public.film OWNER TO postgres;\nCREATE INDEX idx_title ON public.film USING btree (title);  =>  models:1:1: this is SQL: write Film(film) film_id:integer title:string(255) rental_rate:numeric(4,2)=4.99 last_update:datetime=now special_features:text[] fulltext:text
entity JobHistory {\n  startDate ZonedDateTime,\n  endDate ZonedDateTime,\n  language Language\n}\nenum Language {\n    FRENCH, ENGLISH, SPANISH\n}\nrelationship OneToOne {\n  JobHistory{job} to Job,\n  Department{location} to Location\n}  =>  models:1:1: this is JHipster's JDL: write JobHistory start_date:datetime? end_date:datetime? language:enum(FRENCH|ENGLISH|SPANISH)?
class Book(models.Model):\n    # A book.\n    title = models.CharField(max_length=200)\n    author = models.ForeignKey('Author', on_delete=models.RESTRICT, null=True)\n    isbn = models.CharField('ISBN', max_length=13, unique=True,\n                            help_text='13 Character')\n    genre = models.ManyToManyField(Genre, help_text="Select")\n\n    def __str__(self):\n        return self.title\n  =>  models:1:1: this is Python: write Book title:string(200) author:Author?:restrict isbn:string(13):unique genre:Genre[]
@Entity()\nexport class User {\n  @PrimaryGeneratedColumn()\n  id: number;\n\n  @Column()\n  firstName: string;\n\n  @Column({ default: true })\n  isActive: boolean;\n}  =>  models:1:1: this is a class: write User first_name:string is_active:boolean
class User < ApplicationRecord\n  has_many :posts\n  belongs_to :team\nend  =>  models:1:1: this is Ruby: write User team:Team
@Entity\npublic class Book {\n    @Id @GeneratedValue\n    private Long id;\n    private String title;\n    private BigDecimal price;\n}  =>  models:1:1: this is a class: write Book id:bigint title:string price:numeric
data class Book(\n    val id: Long,\n    val title: String,\n    val price: BigDecimal?\n)  =>  models:1:1: this is a class: write Book id:bigint title:string price:numeric?
const userSchema = new Schema({\n  name: { type: String, required: true },\n  age: Number\n});  =>  models:1:1: this is JavaScript: write User name:string age:numeric
class User(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n    name: str = Field(index=True)\n    age: int | None = None  =>  models:1:1: this is Python: write User name:string:index age:integer?
class User(Base):\n    __tablename__ = "user_account"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str] = mapped_column(String(30))\n    fullname: Mapped[Optional[str]]\n    addresses: Mapped[List["Address"]] = relationship(back_populates="user", cascade="all, delete-orphan")  =>  models:1:1: this is Python: write User name:string(30) fullname:string?
User:\n  name: string\n  email: string  =>  models:1:1: 'User:' is not a model: write User
users:\n  id: integer\n  name: text  =>  models:1:1: 'users:' is not a model: write User
User = name:text email:text  =>  models:1:6: '=' is not a field: leave it out
User(name:text, email:text)  =>  models:1:1: 'User(name:text, email:text)' is not a model: write User name:text email:text
mix phx.gen.schema Blog.Post blog_posts title:string user_id:references:users  =>  models:1:1: this is a command: write Post blog_posts:string title:string user:User
sails generate model User name:string age:int  =>  models:1:1: this is a command: write User name:string age:integer
Tag string name  =>  models:1:5: 'string name' is not a field: write name:string
Tag title name  =>  models:1:5: 'title' is not a field: write title:text, or another type
Tag title email name  =>  models:1:5: 'title' is not a field: write title:text, or another type
Tag text body  =>  models:1:5: 'text body' is not a field: write body:text
Tag a:text email  =>  models:1:12: 'email' is not a field: write email:text, or another type
Tag year integer  =>  models:1:5: 'year integer' is not a field: write year:integer
User; Tag User author  =>  models:1:11: 'User author' is not a field: write author:User
Tag email url  =>  models:1:5: 'email' is not a field: write email:text, or another type
Tag unique a:text  =>  models:1:5: 'unique' is not a field: write unique(a,b)
Tag index  =>  models:1:5: 'index' is not a field: write index(a,b)
Tag a:string cascade  =>  models:1:14: 'cascade' is not a field: write cascade:text, or another type
User; Tag user:User cascade  =>  models:1:11: 'user:User cascade' is not a field: write user:User:cascade
User; Tag user:User on delete cascade  =>  models:1:11: 'user:User on delete cascade' is not a field: write user:User:cascade
Tag a:string default x  =>  models:1:5: 'a:string default x' is not a field: write a:string=x
Tag a:string default 'x' not null b:text  =>  models:1:5: "a:string default 'x' not null" is not a field; fields are NOT NULL by default: write a:string=x
Tag a:text comment 'why'  =>  models:1:5: "a:text comment 'why'" is not a field: write a:text
Tag decimal price  =>  models:1:5: 'decimal price' is not a field: write price:numeric
"""


def unescaped(text: str) -> str:
    """Return the text that an entry of ERRORS stands for."""
    return re.sub(r"\\(x..|u....|.)", lambda match: match[0].encode().decode("unicode_escape"), text)


def errors() -> list[tuple[str, str]]:
    """Return each declaration of ERRORS with its message."""
    rows = [row.split("  =>  ") for row in ERRORS.splitlines() if "  =>  " in row]
    return [
        (unescaped(text), message.replace("ORDER", ORDER).replace("KEYS", KEYS)) for text, message in rows
    ]


OURS = "is used in the generated files"
UNCLEAR = "looks like a digit, which ruff rejects"
RESERVED = [
    ("schema", "public information_schema", "is reserved by PostgreSQL"),
    ("schema", "pg_catalog pg_a", "starts with pg_, which PostgreSQL reserves"),
    ("schema", "class", "is a Python keyword"),
    ("model", "Base BaseModel ImportModule IterModules Iterator", OURS),
    ("model", "Any ARRAY BigInteger Boolean Column Date DateTime Decimal Double Enum ForeignKey Index", OURS),
    (
        "model",
        "Integer Interval JSONB LargeBinary Literal Mapped Numeric SmallInteger String Table Text",
        OURS,
    ),
    ("model", "Time UUID UniqueConstraint Uuid", OURS),
    ("model", "None True Is Class", "is a Python keyword"),
    ("model", "TestResult Testimonial", "would be collected by pytest"),
    ("table", "pg_tags", "starts with pg_, which PostgreSQL reserves"),
    ("table", "class", "is a Python keyword"),
    ("table", "alembic_version alembic_version_pkc", "is reserved by Alembic"),
    ("field", "metadata registry", "is an attribute of every model"),
    ("field", "class", "is a Python keyword"),
    ("field", "pg_a", "starts with pg_, which PostgreSQL reserves"),
    ("field", "tableoid xmin cmin xmax cmax ctid", "is a system column of PostgreSQL"),
    ("field", "bool bytes dict float int list str", "is a Python type"),
    ("field", "self dt func get_args mapped_column relationship", OURS),
    ("field", "l", UNCLEAR),
    ("model", "I O", UNCLEAR),
]
PLACES = {"schema": "{}.Tag", "model": "{}", "table": "Tag({})", "field": "Tag {}:text"}


def remedy(what: str, name: str) -> str:
    if what == "table":
        return "name the table, as in Tag(name)"
    if what == "model":
        return f"choose another name, as in {free_model(name)}"
    return "choose another name"


def reserved() -> list[tuple[str, str]]:
    """Return declarations with names that PostgreSQL, Python or the generated files use themselves."""
    return [
        (
            PLACES[what].format(name),
            f"models:1:{5 if what == 'field' else 1}: {what} {name!r} {reason}: {remedy(what, name)}",
        )
        for what, names, reason in RESERVED
        for name in names.split()
    ]


def long_names() -> list[tuple[str, str]]:
    """Return declarations with names of more than 63 characters."""
    a, longer = "a" * 61, "has 64 characters; PostgreSQL allows 63"
    other = f"{longer}: choose another name"
    rows = [
        (f"{a}aaa.Tag", f"1:1: schema '{a}aaa' {other}"),
        (f"Tag({a}aaa)", f"1:1: table '{a}aaa' {longer}: name the table, as in Tag(name)"),
        (f"A{a}aa", f"1:1: model 'A{a}aa' must match [A-Z][A-Za-z0-9]*, with at most 63 characters"),
        (f"A{a}b", f"1:1: table 'a{a}bs' {longer}: name the table, as in A{a}b(name)"),
        (f"Tag {a}aaa:text", f"1:5: field '{a}aaa' {other}"),
        (f"Tag; Post {a}:Tag", f"1:11: column '{a}_id' {other}"),
        (f"Tag; P({a}) ab:Tag[]", f"1:71: the table of 'ab:Tag[]', '{a}_ab' {other}"),
    ]
    model = f"A{a[1:]}"
    rows.append(
        (f"{model}(x); P y:{model}[]", f"1:69: in the table of 'y:{model}[]', column '{a}_id' {other}")
    )
    model = f"A{a[:54]}"
    rows.append(
        (
            f"{model}(x) y:{model}[]",
            f"1:60: in the table of 'y:{model}[]', column 'other_a{a[:54]}_id' {other}",
        )
    )
    return [(text, f"models:{message}") for text, message in rows]


def names_cut_alike() -> list[tuple[str, str]]:
    """Return declarations with two long names that become the same when truncated."""
    table = "t" * 58
    rows = []
    for name, field in (
        (f"ix_{table}_{{}}", "{}:text:index"),
        (f"uq_{table}_{{}}", "{}:text:unique"),
        (f"fk_{table}_{{}}_id_tags", "{}:Tag"),
        (f"ck_{table}_{{}}", "{}:enum(a|b)"),
    ):
        one, two = alike(name)
        rows.append(
            (f"Tag; X({table}) {field.format(one)} ", field.format(two), field.format(one), name.format(two))
        )
    index = f"ix_{table}_abcdef"
    rows.append((f"X({table}) abcdef:text:index; ", f"Word({cut(index)})", "abcdef:text:index", index))
    owners = (f"{'t' * 48}{number}" for number in itertools.count())
    keys = ((owner, f"fk_{owner}_tag_tag_id_tags", f"fk_{owner}_tag_x_id_{owner}") for owner in owners)
    owner, one, two = next(row for row in keys if cut(row[1]) == cut(row[2]))
    rows.append((f"Tag; X({owner}) ", "tag:Tag[]", "tag:Tag[]", one))
    return [
        (
            start + word,
            f"models:1:{len(start) + 1}: {word!r} and {other!r} both get the name {cut(name)!r} in PostgreSQL:"
            " rename a field or a table",
        )
        for start, word, other, name in rows
    ]


def alike(form: str) -> tuple[str, str]:
    """Search for two words that give the same long name."""
    found: dict[str, str] = {}
    words = (f"a{number}" for number in itertools.count())
    pairs = ((found.setdefault(cut(form.format(word)), word), word) for word in words)
    return next(pair for pair in pairs if pair[0] != pair[1])


@pytest.mark.parametrize(("text", "message"), errors() + reserved() + long_names() + names_cut_alike())
def test_errors(text: str, message: str) -> None:
    """Every mistake is one line: the place, the fault, the rule or remedy, and the closest valid word."""
    assert refusal(text) == [message]


# Hints

FORMS = [
    *((name, f"a:{name}", f"a:{ours}") for name, ours in synonyms.TYPES.items() if ours != "enum"),
    *(
        (name, f"user:{name}", f"user:User{'[]' if kind == 'many' else ''}")
        for name, kind in synonyms.REFERENCES.items()
    ),
    *(
        (name, f"user:User:{name}", "user:User")
        for name, kind in synonyms.FLAGS.items()
        if kind in DELETE_RULES
    ),
    *(
        (name, f"a:datetime:{name}", "a:")
        for name, kind in synonyms.FLAGS.items()
        if kind not in DELETE_RULES
    ),
]


def test_every_synonym_has_a_hint() -> None:
    """For whatever a type, reference or flag is called elsewhere, the message shows the field to write."""
    for name, form, expected in FORMS:
        if name in (*TYPES, *FLAGS, *DELETE_RULES):
            continue
        (message,) = refusal(f"User; Tag {form}")
        what, _, corrected = message.partition(": write ")
        corrected, is_unsure, _ = corrected.partition(", or the name of another model")
        if synonyms.REFERENCES.get(name) == "other":
            assert (what, corrected) == (
                f"models:1:11: {form!r} is declared on the other side, in User",
                "tag:Tag",
            )
            continue
        assert corrected.startswith(expected), message
        assert is_unsure or answers.declared(f"User; Tag {corrected}"), message


@pytest.mark.parametrize("name", [*MODELS, "TestResult", "Testimonial", "None", "Class"])
def test_names_to_choose_are_free(name: str) -> None:
    assert answers.declared(free_model(name))


def test_hint_beside_another_mistake() -> None:
    """A hint never suggests another mistake; errors that follow from a field with a hint are left out."""
    assert refusal("Tag class:varchar(20)") == [
        "models:1:5: type 'varchar' in 'class:varchar(20)' is unknown, did you mean 'string'?"
    ]
    assert refusal("Tag b: varchar(20) a:text index(a,b) unique(b,c)") == [
        "models:1:5: 'b: varchar(20)' has a space in it: write b:string(20)",
        "models:1:38: 'c' in 'unique(b,c)' is not a field of Tag",
    ]
    assert refusal("model User {\n  a Int\n}\nPost user:User users:user[] x:strin") == [
        "models:1:1: this is Prisma: write User a:integer",
        "models:4:29: type 'strin' in 'x:strin' is unknown, did you mean 'string'?",
    ]


LINE = r"models:\d+:\d+: .+"


def refusal(text: str) -> list[str]:
    """Return the error lines of a declaration, without the source and caret below them."""
    try:
        answers.declared(text)
    except FailedHookException as error:
        *lines, source, caret = str(error).split("\n")
        assert all(re.fullmatch(rf"{LINE}|and \d+ more", line) and line.isprintable() for line in lines)
        assert source.startswith("    ") and re.fullmatch(" +\\^", caret)
        return lines if lines[-1][:4] != "and " else lines[:-1]
    return []


# Accepted

A63 = "a" * 63
# A declaration, and each of its models in the form that `described` returns.
GOOD = {
    "nothing": ("", []),
    "separators": (" ;; ;\n;\n\n", []),
    "comments": ("# Tag a:strin; Post\n  # it's (not closed", []),
    "comment behind a model": ("Tag a:text  # as a:string before\nPost", ["tags  a", "posts"]),
    "comment without a blank": ("Tag a:text#b c", ["tags  a"]),
    "several lines": ("Tag\n  a:text  # one\n\n# two\n  b:text; Post\n\tc:text", ["tags  a  b", "posts  c"]),
    "several indented lines": (
        "\n  Tag\n    a:text\n  Post\n      b:text\n   c:text\n",
        ["tags  a", "posts  b  c"],
    ),
    "indented models": ("Tag a:text\n  blog.Post(x) b:text\n    c:text", ["tags  a", "blog.x  b  c"]),
    "tab in a comment": ("# one\ttwo\nTag", ["tags"]),
    "tabs": ("\tTag\ta:text\t\n", ["tags  a"]),
    "tab in brackets": ("Tag a:enum(x|\ty)", ["tags  a(x|y)"]),
    "lines of Windows": ("Tag a:text\r\n\r\nPost b:text\r\n", ["tags  a", "posts  b"]),
    "comment of Windows": ("Tag a:text  # one\r\nPost\r\n", ["tags  a", "posts"]),
    "blanks of every kind": ("\N{NO-BREAK SPACE}Tag\N{IDEOGRAPHIC SPACE}a:text\x0c", ["tags  a"]),
    "blanks in brackets": (
        "Tag a:string( 5 ) b:numeric( 5 , 2 ) c:enum( x | y ) unique( a , b ) index(b ,c)",
        ["tags  a(5)  b(5|2)  c(x|y)  uq_tags_a_b  ix_tags_b_c"],
    ),
    "all quoted": (
        "Tag a:string('64')='b' c:enum('d'|'e')='d' f:integer='7' g:boolean='true' h:date='now' i:uuid='uuid'",
        ["tags  a(64)=b  c(d|e)=d  f=7  g=true  h=current_date()  i=gen_random_uuid()"],
    ),
    "quotes": (
        "Tag a:text='' b:text='''' c:text='a''''b' d:text='#;:?=|()[]' e:text?='a b':index",
        ["tags  a=  b='  c=a''b  d=#;:?=|()[]  e?=a b  ix_tags_e"],
    ),
    "every character in a value": (
        """Tag a:enum(''|' '|''''|'"'|';'|'#'|':'|'?'|'='|'|'|'('|')'|'[]'|','|'\\'|'%s'|'{{ x }}'|'é')='|'""",
        ["""tags  a(| |'|"|;|#|:|?|=|||(|)|[]|,|\\|%s|{{ x }}|é)=|"""],
    ),
    "now, uuid and true as text": (
        "Tag a:text=now b:string(4)=uuid c:enum(now|true)=now d:json=true e:bytes=now",
        ["tags  a=now  b(4)=uuid  c(now|true)=now  d=true  e=now"],
    ),
    "numbers": (
        "Tag a:smallint=-32768 b:integer=+7 c:integer=007 d:bigint=9223372036854775807 e:float=-1e-9"
        " f:numeric(3,1)=99.9 g:numeric(1,1)=0.5 h:numeric=000.0",
        ["tags  a=-32768  b=+7  c=007  d=9223372036854775807  e=-1e-9  f(3|1)=99.9  g(1|1)=0.5  h=000.0"],
    ),
    "names of types and flags": (
        "Tag date:date time:time uuid:uuid text:text string:string json:json enum:enum(enum) unique:text"
        " index:text:index cascade:text now:text",
        [
            "tags  date  time  uuid  text  string  json  enum(enum)  unique  index  cascade  now  ix_tags_index"
        ],
    ),
    "names of SQL": ("select.Order(table) order:text user:text", ["select.table  order  user"]),
    "plurals": (
        "Box; Category; Day; Bus; Dish; OrderItem; HTTPServer; Item2; A(b)",
        [*("boxes", "categories", "days", "buses", "dishes", "order_items", "http_servers", "item2s", "b")],
    ),
    "tables given": ("Person(people); hr.Boss(people); Word(words_)", ["people", "hr.people", "words_"]),
    "63 characters": (
        f"{A63}.A{A63[1:]}({A63}) {A63}:text {A63[3:]}:A{A63[1:]}?",
        [f"{A63}.{A63}  {A63}  {A63[3:]}_id?>{A63[3:]}_of  ix_{A63}_{A63[3:]}_id"],
    ),
    "references": (
        "users.User; blog.Post user:User editor:users.User?:unique; Note post:Post:cascade",
        [
            "users.users",
            "blog.posts  user_id>posts  editor_id?>editor_post  uq_posts_editor_id  ix_posts_user_id",
            "notes  post_id>notes  ix_notes_post_id",
        ],
    ),
    "indexes instead of that of a foreign key": (
        "User; Post user:User editor:User? reader:User? a:text index(user,a) unique(editor,a) index(a,reader)",
        [
            "users",
            "posts  user_id>posts  editor_id?>editor_posts  reader_id?>reader_posts  a  uq_posts_editor_id_a"
            "  ix_posts_reader_id  ix_posts_user_id_a  ix_posts_a_reader_id",
        ],
    ),
    "indexes of other kinds": (
        "T a:json:index b:text[]:index c:integer[]?:unique:index index(created_at) index(id,updated_at) unique(b,id)",
        [
            "ts  a  b  c?  uq_ts_c  uq_ts_b_id  ix_ts_a gin  ix_ts_b gin  ix_ts_created_at  ix_ts_id_updated_at",
        ],
    ),
    "other sides by the words of the field": (
        "Account; AccountWarning account:Account target_account:Account by:AccountWarning? parent_account_warning:AccountWarning?"
        " merged:AccountWarning?; City; Person(people) city:City home:City?; Log(blog_logs) city:City",
        [
            "accounts",
            "account_warnings  account_id>account_warnings  target_account_id>target_account_warnings"
            "  by_id?>by_account_warnings  parent_account_warning_id?>child_account_warnings  merged_id?>merged_of"
            "  ix_account_warnings_account_id  ix_account_warnings_target_account_id  ix_account_warnings_by_id"
            "  ix_account_warnings_parent_account_warning_id  ix_account_warnings_merged_id",
            "cities",
            "people  city_id>people  home_id?>home_people  ix_people_city_id  ix_people_home_id",
            "blog_logs  city_id>logs  ix_blog_logs_city_id",
        ],
    ),
    "references to models below": (
        "Post author:User(texts) tags:Tag(on)[]\nUser best:Post?\nTag",
        [
            "posts  author_id>texts  tags@posts_tags>on  ix_posts_author_id",
            "users  best_id?>best_users  ix_users_best_id",
            "tags",
        ],
    ),
    "references to itself": (
        "Node parent:Node? next:Node?:unique friends:Node[]",
        [
            "nodes  parent_id?>children  next_id?>next_of  friends@nodes_friends>friends_of"
            "  uq_nodes_next_id  ix_nodes_parent_id"
        ],
    ),
    "links": (
        "shop.Tag; blog.Post tags:shop.Tag[] main:Tag; Note tags:Tag[]",
        [
            "shop.tags",
            "blog.posts  tags@posts_tags>posts  main_id>main_posts  ix_posts_main_id",
            "notes  tags@notes_tags>notes",
        ],
    ),
    "other side beside a column": (
        "User posts_id:text; Post user:User",
        ["users  posts_id", "posts  user_id>posts  ix_posts_user_id"],
    ),
    "the same names in two schemas": (
        "a.Tag b:text:index; b.Term(tags) b:text:index; Word(tags) b:text:index",
        ["a.tags  b  ix_tags_b", "b.tags  b  ix_tags_b", "tags  b  ix_tags_b"],
    ),
    "a table named as a foreign key": (
        "User boss:User?; users.Thing(fk_users_boss_id_users)",
        ["users  boss_id?>boss_of  ix_users_boss_id", "users.fk_users_boss_id_users"],
    ),
    "lists of rows that could meet": (
        "ARow(x); A(y); Item row:ARow",
        ["x", "y", "items  row_id>items  ix_items_row_id"],
    ),
}


@pytest.mark.parametrize(("text", "models"), GOOD.values(), ids=GOOD)
def test_good(text: str, models: list[str]) -> None:
    """Unusual declarations that are valid are accepted."""
    assert [described(model) for model in answers.declared(text)] == models
    assert_renders(text)


def described(model: Model) -> str:
    """Return the names derived from a model: table, columns, links, other sides, constraints, indexes."""
    names = [name for name, _ in model.uniques] + [
        f"{index.name} {index.method}".strip() for index in model.indexes
    ]
    return "  ".join([model.key, *map(described_field, model.fields), *names])


def described_field(field: Field) -> str:
    text = f"{field.name}@{field.link_table}" if field.is_link else field.column
    text += f"({'|'.join(field.arguments)})" if field.arguments else ""
    text += "?" if field.nullable else ""
    text += f">{field.other_side}" if field.target else ""
    default = f"{field.function}()" if field.function else field.default
    return text if default is None else f"{text}={default}"


# Random input

BASES: list[str] = [*DECLARATIONS.values(), ANSWERS["models"]]
CHARACTERS = "'\"()[]|?=:;#,. \n\t\razAZ09_\N{LATIN SMALL LETTER E WITH ACUTE}\x07\ud800"
WORDS = re.compile(r"[^\s;]+|[\s;]+")
NAMES: list[str] = sorted({name for text in BASES for name in re.findall(r"\w+", text)})


def mutation(chance: random.Random) -> str:
    """Return a declaration after a change or two."""
    text = chance.choice(BASES)
    for _ in range(chance.choice([1, 1, 2])):
        change = chance.choice([changed_name, changed_name, changed_words, changed_characters, joined])
        text = change(text, chance)
    return text


def changed_name(text: str, chance: random.Random) -> str:
    """Return the declaration with one name, type or flag replaced."""
    places = list(re.finditer(r"\w+", text))
    if not places:
        return chance.choice(NAMES)
    place = chance.choice(places)
    return text[: place.start()] + chance.choice(NAMES) + text[place.end() :]


def changed_words(text: str, chance: random.Random) -> str:
    return "".join(changed(WORDS.findall(text), WORDS.findall(chance.choice(BASES)), chance))


def changed_characters(text: str, chance: random.Random) -> str:
    return "".join(changed(list(text), list(CHARACTERS), chance))


def changed(parts: list[str], others: list[str], chance: random.Random) -> list[str]:
    """Return the parts with one of them deleted, doubled, swapped with another, or inserted."""
    one, two = (chance.randrange(len(parts) or 1) for _ in range(2))
    change = chance.choice(["delete", "double", "swap", "put"])
    if change == "put" or not parts:
        return [*parts[:one], chance.choice(others or [""]), *parts[one:]]
    if change == "swap":
        parts[one], parts[two] = parts[two], parts[one]
        return parts
    return [*parts[:one], *([parts[one]] * 2 if change == "double" else []), *parts[one + 1 :]]


def joined(text: str, chance: random.Random) -> str:
    return text + chance.choice([";", "\n", " ", ""]) + chance.choice(BASES)


# A deep run does more rounds of the same tests.
@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.deep) for n in range(4, 10))]
)
def test_mutations(seed: int) -> None:
    """Each of 2,000 mutations is refused in one line or gives Python that compiles, and nothing else."""
    chance = random.Random(seed)
    accepted = 0
    answers.declaration.cache_clear()
    for _ in range(2000):
        text = mutation(chance)
        try:
            if not refusal(text):
                accepted += 1
                assert_renders(text)
        except Exception as error:
            raise AssertionError(repr(text)) from error
    answers.declaration.cache_clear()
    assert 300 <= accepted <= 1700


ENVIRONMENT = StrictEnvironment(context={"cookiecutter": ANSWERS}, **ANSWERS["_jinja2_env_vars"])
ENVIRONMENT.loader = FileSystemLoader([TEMPLATE, ROOT / "templates"])
NAMES = [path.relative_to(TEMPLATE).as_posix() for path in sorted(TEMPLATE.rglob("*")) if path.is_file()]
DEPENDING = [name for name in NAMES if "models()" in (TEMPLATE / name).read_text()]
TEMPLATES = [name for name in DEPENDING if not name.startswith("plumbing/")]


def python_files(text: str) -> Iterator[str]:
    """Render every file that depends on the models; yield the Python files."""
    models: list[str] = []

    def written(content: str, name: str) -> str:
        if name.endswith(".py"):
            models.append(content)
        return ""

    ENVIRONMENT.filters["written"] = written
    for name in TEMPLATES:
        content = ENVIRONMENT.get_template(name).render(cookiecutter=ANSWERS | {"models": text})
        if name.endswith(".py"):
            yield content
    yield from models


def assert_renders(text: str) -> None:
    """Assert that all files can be rendered, and that the Python files compile."""
    for content in python_files(text):
        compile(content, "file", "exec")
    lists = seeds.list_names(answers.declared(text))
    assert len(set(lists.values())) == len(lists), lists


@pytest.mark.parametrize("count", [40, pytest.param(400, marks=pytest.mark.deep)])
def test_mutations_baked(tmp_path: Path, count: int) -> None:
    """Cookiecutter itself generates a project from mutations, or stops and leaves nothing behind."""
    chance = random.Random(count)
    config = tmp_path / "config.json"
    folders = {name: str(tmp_path / name) for name in ("cookiecutters_dir", "replay_dir")}
    config.write_text(json.dumps(folders))
    accepted = 0
    for number in range(count):
        text, output = mutation(chance), tmp_path / str(number)
        output.mkdir()
        try:
            options = {"config_file": str(config), "output_dir": str(output)}
            path = cookiecutter(str(ROOT), no_input=True, extra_context={"models": text}, **options)
        except FailedHookException as error:
            assert re.fullmatch(LINE, str(error).split("\n")[0])
            assert not any(output.iterdir()), text
        else:
            accepted += 1
            assert [Path(path)] == list(output.iterdir())
            assert (Path(path) / "app/models/base.py").is_file() and (Path(path) / ".env").is_file()
            shutil.rmtree(path)
    assert 0 < accepted < count


# Beyond the text


OF_KEYS = {"Identity", "Timestamped"}
"""Imported only for a model with its own key, so not reserved: Mastodon has a model Identity."""


@pytest.mark.parametrize("text", DECLARATIONS.values(), ids=DECLARATIONS)
def test_names_of_the_files_are_reserved(text: str) -> None:
    """No model may have a name that a file imports, and no field a name that a model's class reads.

    The page in app/views.py imports only one model, and never one whose name clashes, such as Blueprint.
    """
    models = {model.name for model in answers.declared(text)}
    for tree in map(ast.parse, python_files(text)):
        nodes = list(ast.walk(tree))
        imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        for name in imported - models - first_page.IMPORTED - OF_KEYS:
            assert not name[0].isupper() or refusal(name), name
        bodies = [node for part in nodes if isinstance(part, ast.ClassDef) for node in ast.walk(part)]
        for node in bodies:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                assert refusal(f"Tag {node.id}:text"), node.id
