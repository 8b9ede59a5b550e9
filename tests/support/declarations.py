"""Define declarations that together use the whole language, each under a name."""

# The longest names that the rules allow, and neighbours that sort differently as text and as numbers.
LONG = "a" + "b" * 62
DECLARATIONS = {
    "none": "",
    "no fields": "Thing; shop.Order thing:Thing",
    "every type": "every.Type b:string c:text d:smallint e:integer f:bigint g:float h:numeric(9,2) j:numeric(10) k:numeric i:boolean"
    " date:date time:time datetime:datetime m:interval uuid:uuid o:bytes text:text? q:string(3):index r:string?:unique s:numeric( 5, 0 )?",
    "long names": f"{LONG}.{'A' * 60} {LONG}:string(64):unique {LONG[:60]}:numeric(10,2)?"
    f" {LONG[:61]}:enum({'a' * 50}|{'b' * 50})?;"
    f" {LONG}.B{'b' * 60} {LONG[:59]}:{'A' * 60} {LONG[:58]}:{'A' * 60}?",
    "one to one, to itself, twice": "users.User name:text parent:User?; users.Profile user:User:unique mentor:User?:unique;"
    " blog.Post author:User editor:User? next:Post?",
    "delete rules": "hr.Person(people) name:text boss:Person?:setnull; hr.Badge person:Person:cascade:unique;"
    " hr.Desk person:Person:restrict; hr.Bill person:Person?:cascade payer:Person:restrict",
    "reserved words": "users.Order name:text group:text; select.Desk order:Order? user:text; Item2; Item10",
    "defaults": "Thing a:string=new b:text='it''s # 100% ; a:b=c?|\\d {} \N{PARTY POPPER}' c:text='' d:smallint=-5 e:integer=007 f:bigint=+9"
    " g:float=1e-9 h:numeric(9,2)=0.50 i:numeric=1.5 j:boolean=true k:date=now ll:date=2026-01-31 m:time=now n:time='23:59'"
    " o:datetime=now p:datetime='2026-01-31 23:59:59.5+02:00' q:interval='1 day 2 hours' r:uuid=uuid"
    " s:uuid=01234567-89AB-cdef-0123-456789abcdef t:json='{\"b\": [1, 2.50, \"it''s\"], \"a\": null}' u:json?='[]' v:bytes=abc"
    " w:bytes='\\x0aFF' x:text='''quoted''' y:enum(a|'b c')='b c':unique z:string?=x:index",
    "enums": "Thing state:enum(draft|'on sale'|'it''s, 100%: \"x\" \\ | ; #') size:enum(s|m|l)?=m:index"
    " long:enum(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb):unique one:enum(only)"
    " other:enum(s|m|l) time:enum(s|l)=l; ThingTime state:enum(new|'für') size:enum(s|m|l)",
    "arrays": "Thing a:text[] b:string(20)[]='{}' c:numeric(9,2)[]?='{1.50,-2}' d:integer[]='{1,2}':index e:uuid[] f:datetime[] g:bytes[]"
    " h:boolean[]='{true,false}' i:interval[] j:time[] k:date[]='{2026-01-31}' ll:float[]='{0.5}' m:text[]='{red,Green}' n:json",
    "groups": "shop.Thing a:text b:integer? c:boolean unique(a,b) index(b,a) owner:Thing? unique(owner,c) index(c,owner,a)",
    "many to many": "shop.Tag name:text; blog.Post tags:shop.Tag[] also:Post[] author:Tag; Note tags:Tag[] posts:Post[] main:Post? friends:Note[]",
    "keys": "id:uuid=uuid\nusers.User name:text\nTag id:string(26) label:text parent:Tag?\nPost\n  id:bigint\n  author:User  # whose key is a uuid\n"
    "  tags:Tag(posts)[]  main:Tag(main_posts)?:cascade\n  related:Post[]\nNote id:integer post:Post:unique tag:Tag",
    "keys of each kind": "id:string\nA(aa)\nB(bb) id:uuid a:A[]\nC(cc) id:bigint b:B? c:C?\nD(dd) id:string(8) c:C  b:B:unique unique(id,c)\n",
    "keys numbered": "id:bigint\nThing a:text parent:Thing?\nshop.Order thing:Thing things:Thing(orders_with)[]",
    "order": "Post author:User tags:Tag(posts)[]\nUser name:text city:City?\nCity name:text\nTag name:text",
    "circles": "a.User name:text favorite:Post?:setnull team:b.Team?\na.Post author:User\nb.Team owner:User?:cascade members:User(member_of)[] best:Post?",
    "a circle of three": "A1 b:B1?\nB1 c:C1?\nC1 a:A1 other:A1?:unique",
    "indexes": "Thing a:text b:json:index c:text[]:index d:json?='{}':index owner:User team:User:restrict index(owner,a)"
    " index(created_at) index(id) index(updated_at,id) unique(a,created_at) unique(team,id)\nshop.User e:integer[]?:index",
    "other sides": "Status reply_to:Status(replies)? reblog_of:Status? account:Account parent_status:Status?\nAccount follows:Account(followers)[]"
    "\nAccountWarning account:Account target_account:Account\nCity\nPerson(people) city:City",
}
