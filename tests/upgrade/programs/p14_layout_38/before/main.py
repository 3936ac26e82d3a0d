#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Odd layout: what is not concerned stays as it is, down to the last space."""
from sf_connect.v38 import (  # the client
    Connect , models as m
)
import sys ; import os

class  Board :
    def __init__ ( self,client:Connect )->None :
        self.client=client;   self.seen : dict [ str,bool ] = { }
    def look(self , item : m.FeedItem) -> bool :
        # as wide as it likes
        return (   item
            . can_share   # between the two
            or False )
    if os.name : flag = True
    else : flag = False

def text( item:m.FeedItem ) :return  'ä€𝄞' , item.can_share , "日本" ;

def main( url , token ) :
  with Connect( url,token = token ) as client :
    page = client.feeds.news \
        .list_elements( "me" ,
                        page_size=3 , ) ; board = Board(client)
    for one in page.elements or [ ] :
        if isinstance( one , m.FeedItem ) : print( board.look( one ) , text( one ) )


if __name__ == "__main__" : main( *sys.argv [ 1:3 ] )
